import { Button, Flex } from "antd";
import { texts, useTexts } from "../app/language";

const TEXTS = texts({ more: "显示更多" }, { more: "Show more" });

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
}

/** Below a list of `usePages`: the next page, while there is one. */
export function MoreButton({ list }: { list: Paged }) {
  const t = useTexts(TEXTS);
  if (!list.hasNextPage) return null;
  return (
    <Flex justify="center" style={{ marginTop: 12 }}>
      <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {t.more}
      </Button>
    </Flex>
  );
}
