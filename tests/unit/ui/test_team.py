"""What somebody who was let in is told that they may do."""

from __future__ import annotations

import msgspec
import pytest

from dsadesk.services.giving_roles import GIVEN_ROLES
from dsadesk.ui.presenters.team import given_words
from tests.support.desks import two_desks


@pytest.mark.parametrize("role", GIVEN_ROLES)
def test_every_role_that_can_be_given_is_told(role):
    asks = two_desks().asks
    entry = asks.card.official_of(asks.device.device)
    assert given_words(msgspec.structs.replace(entry, roles=(role,))).startswith("You may ")
