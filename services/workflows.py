"""Names of the durable workflows, and how other roles ask for one.

The workflows themselves run in the worker (`cli.roles.worker`); asking is writing a row.
"""

import asyncio

from dbos import DBOSClient, EnqueueOptions

QUEUE = "calls"
DRAFT_CALL = "draft_call"
DELIVER_WEBHOOK = "deliver_webhook"
TIME_PASSED = "time_passed"


class WorkflowRequests:
    """Asks for workflows. The same request twice is one workflow: its id is that of the call."""

    def __init__(self, system_database_url: str) -> None:
        self._url = system_database_url
        self._client: DBOSClient | None = None

    async def draft(self, call_id: str) -> None:
        """Have the call's recording kept and its ticket drafted.

        Raises what the database raises.
        """
        await asyncio.to_thread(self._enqueue, call_id)

    def _enqueue(self, call_id: str) -> None:
        if self._client is None:
            self._client = DBOSClient(
                system_database_url=self._url, lazy=True, retry_connection_errors=False
            )
        options: EnqueueOptions = {
            "queue_name": QUEUE,
            "workflow_name": DRAFT_CALL,
            "workflow_id": f"{DRAFT_CALL}-{call_id}",
        }
        self._client.enqueue(options, call_id)
