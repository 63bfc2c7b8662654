import itertools

import pytest

from domain.accounts.permissions import (
    KEPT_APART,
    OF_MACHINE,
    OF_ROLE,
    SCOPES,
    MachineScope,
    Permission,
    Role,
    RolesClash,
    permissions_of,
    refuse_clash,
)


def test_every_role_and_scope_has_permissions() -> None:
    assert set(OF_ROLE) == set(Role)
    assert set(OF_MACHINE) == set(MachineScope)
    assert all(SCOPES.values())
    assert len(SCOPES) == len(Role) + len(MachineScope)


def test_every_permission_is_given_to_somebody() -> None:
    assert permissions_of(SCOPES) == set(Permission)


@pytest.mark.parametrize("name", list(SCOPES))
def test_no_single_role_joins_what_is_kept_apart(name: str) -> None:
    refuse_clash([name])
    assert not any(SCOPES[name].issuperset(pair) for pair in KEPT_APART)


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(Role, 2)))
def test_every_pair_of_roles_is_decided(one: Role, other: Role) -> None:
    together = OF_ROLE[one] | OF_ROLE[other]
    if any(together.issuperset(pair) for pair in KEPT_APART):
        with pytest.raises(RolesClash):
            refuse_clash([one, other])
    else:
        refuse_clash([one, other])


def test_the_separations_of_the_house() -> None:
    listen, trail = Permission.RECORDING_LISTEN, Permission.AUDIT_READ
    assert listen not in OF_ROLE[Role.ADMINISTRATOR]
    assert listen not in OF_ROLE[Role.AUDITOR]
    assert trail not in OF_ROLE[Role.ADMINISTRATOR]
    for barred in ((Role.ADMINISTRATOR, Role.AGENT), (Role.AUDITOR, Role.RECORDING_REVIEWER)):
        with pytest.raises(RolesClash):
            refuse_clash(barred)


def test_numbers_in_clear_are_for_machines_only() -> None:
    assert all(Permission.PERSONAL_CLEAR not in granted for granted in OF_ROLE.values())


def test_an_unknown_name_allows_nothing() -> None:
    assert permissions_of(["king", ""]) == frozenset()
