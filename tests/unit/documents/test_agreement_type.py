from __future__ import annotations

import pytest

from dsadesk.documents.agreement_type import AgreementType, agreement_type, role_of, traits_of

BASE = {
    "about.organisation": "Aldershire  County Council",
    "about.supplier": "Wenlow District Council",
    "least.contains": ["personal"],
    "least.way": "identifiable",
    "least.rhythm": "repeated",
}
CONTROLLERS = [
    {"party": "Aldershire County Council", "role": "controller"},
    {"party": "wenlow district council", "role": "controller"},
]
BOTH_WAYS = [
    {"from": "Wenlow District Council", "to": "Aldershire County Council"},
    {"from": "We", "to": "the supplier"},
]
JOINT = [{"party": "Aldershire County Council", "role": "joint"}, {"party": "The supplier", "role": "joint"}]
PROCESSOR = [{"party": "us", "role": "controller"}, {"party": "Supplier", "role": "processor"}]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, AgreementType.ONE_WAY_SHARING),
        ({"least.rhythm": "continuous"}, AgreementType.ONE_WAY_SHARING),
        ({"least.rhythm": "one_off"}, AgreementType.ONE_OFF_USAGE),
        ({"setting.flow": BOTH_WAYS}, AgreementType.RECIPROCAL_SHARING),
        ({"setting.flow": BOTH_WAYS[:1]}, AgreementType.ONE_WAY_SHARING),
        ({"setting.flow": BOTH_WAYS[1:]}, AgreementType.ONE_WAY_SHARING),
        ({"least.way": "in_place"}, AgreementType.ACCESS_IN_PLACE),
        ({"least.way": "result"}, AgreementType.ACCESS_IN_PLACE),
        ({"least.way": "check"}, AgreementType.ACCESS_IN_PLACE),
        ({"setting.where": "supplier", "least.rhythm": "one_off"}, AgreementType.ACCESS_IN_PLACE),
        ({"protection.roles": JOINT}, AgreementType.JOINT_CONTROLLERS),
        ({"protection.roles": JOINT, "least.way": "in_place"}, AgreementType.JOINT_CONTROLLERS),
        ({"protection.roles": JOINT, "legal.gateway": "dea_s35"}, AgreementType.DEA_INFORMATION_SHARING),
        ({"legal.gateway": "dea_ch5"}, AgreementType.DEA_INFORMATION_SHARING),
        ({"legal.gateway": "crca"}, AgreementType.ONE_WAY_SHARING),
        ({"protection.roles": PROCESSOR}, AgreementType.PROCESSOR_CONTRACT),
        ({"protection.roles": PROCESSOR, "legal.gateway": "dea_s35"}, AgreementType.PROCESSOR_CONTRACT),
        (
            {"protection.roles": [*CONTROLLERS, {"party": "Print Ltd", "role": "processor"}]},
            AgreementType.ONE_WAY_SHARING,
        ),
    ],
)
def test_the_type_follows_the_answers(answers, expected):
    assert agreement_type(BASE | answers) is expected


def test_every_type_can_be_reached():
    reached = [
        {},
        {"least.rhythm": "one_off"},
        {"setting.flow": BOTH_WAYS},
        {"least.way": "in_place"},
        {"protection.roles": JOINT},
        {"legal.gateway": "dea_s35"},
        {"protection.roles": PROCESSOR},
    ]
    assert {agreement_type(BASE | answers) for answers in reached} == set(AgreementType)


def test_traits_say_what_moves_and_what_it_holds():
    traits = traits_of(BASE | {"protection.roles": CONTROLLERS, "outputs.onward": False, "linking.any": True})
    assert traits == {"personal", "moves", "records", "separate-controllers", "linked"}


def test_roles_are_found_by_the_name_of_the_party():
    answers = BASE | {"protection.roles": PROCESSOR}
    assert (role_of(answers, "requester"), role_of(answers, "supplier")) == ("controller", "processor")


@pytest.mark.parametrize("junk", [None, 1, "x", {}, [1], [{}], [{"party": 3, "role": []}], [[]], True])
def test_answers_that_are_no_answers_do_no_harm(junk):
    for question in ("protection.roles", "setting.flow", "least.contains", "legal.gateway", "about.organisation"):
        assert agreement_type(BASE | {question: junk}) in AgreementType
