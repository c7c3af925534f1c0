"""What can be called by name: actions of the platform and flows of the org."""

import pytest
from deployment import steward
from wire import is_record_id, unique

FLOW = """\
flow: Greet
label: Greet
variables:
  - { name: person, dataType: String, isInput: true }
  - { name: times, dataType: Number, isInput: true }
  - { name: greeting, dataType: String, isOutput: true }
steps:
  - assignment: Say_It
    assignmentItems:
      - { assignToReference: greeting, operator: Assign, value: "Hello {!person}, {!times}" }
"""


def test_actions_describe_themselves(api):
    kinds = api.get("actions").json()
    assert set(kinds) == {"standard", "custom"}
    listed = api.get(kinds["standard"]).json()["actions"]
    assert {"submit", "chatterPost", "emailSimple", "convertRecord"} <= {a["name"] for a in listed}
    submit = api.get("actions/standard/submit").json()
    assert submit["standard"] is True and submit["type"] == "SUBMIT"
    required = [field["name"] for field in submit["inputs"] if field["required"]]
    assert required == ["objectId"]


def test_each_call_is_answered_by_itself(api):
    case = api.post("sobjects/Case", json={"Subject": unique("Action")}).json()["id"]
    answer = api.post(
        "actions/standard/chatterPost",
        json={"inputs": [{"text": "Done", "subjectNameOrId": case}, {"text": "Nowhere"}]},
    )
    assert answer.status_code == 200
    done, refused = answer.json()
    assert done["isSuccess"] and done["errors"] is None
    assert is_record_id(done["outputValues"]["feedItemId"])
    assert not refused["isSuccess"] and refused["outputValues"] is None
    assert refused["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert refused["errors"][0]["fields"] == ["subjectNameOrId"]


def test_where_every_call_fails_the_status_says_so(api):
    answer = api.post(
        "actions/standard/submit", json={"inputs": [{"objectId": "500000000000000AAA"}]}
    )
    assert answer.status_code == 400
    assert answer.json()[0]["errors"][0]["statusCode"] == "INVALID_CROSS_REFERENCE_KEY"


def test_who_wrote_becomes_a_contact(api):
    address = f"{unique('kim')}@residents.example".lower()
    cases = [
        api.post(
            "sobjects/Case",
            json={"Subject": "Lamp", "SuppliedName": "Kim Doe", "SuppliedEmail": address},
        ).json()["id"]
        for _ in range(2)
    ]
    answer = api.post(
        "actions/standard/convertRecord",
        json={"inputs": [{"conversion": "Enquirer_To_Contact", "recordId": id} for id in cases]},
    )
    first, second = (result["outputValues"] for result in answer.json())
    assert first["recordIds"] == second["recordIds"] == first["createdIds"]
    contact = api.get(f"sobjects/Case/{cases[1]}").json()["ContactId"]
    assert contact == first["recordIds"][0]


@pytest.mark.parametrize("body", [{}, {"inputs": []}, {"inputs": {}}, {"inputs": ["x"]}, []])
def test_a_body_that_is_none_is_refused(api, body):
    answer = api.post("actions/standard/submit", json=body)
    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] in {
        "MISSING_ARGUMENT", "INVALID_INPUT", "JSON_PARSER_ERROR",
    }  # fmt: skip


def test_what_is_not_there_is_not_found(api):
    assert api.get("actions/standard/nothing").status_code == 404
    assert api.post("actions/standard/nothing", json={"inputs": [{}]}).status_code == 404
    assert api.post("actions/custom/flow/Nothing", json={"inputs": [{}]}).status_code == 404


def test_a_flow_is_called_by_name(own_server, tmp_path):
    package = tmp_path / "greeting"
    (package / "flows").mkdir(parents=True)
    (package / "package.yaml").write_text("package: greeting\nlabel: Greeting\nversion: 1.0.0\n")
    (package / "flows" / "Greet.yaml").write_text(FLOW)
    org = own_server.orgs[0]
    done = steward("deploy", package, "--org", org.name, "--data", own_server.data)
    assert done.returncode == 0, done.stderr
    api = own_server.api(org.administrator)

    flows = api.get("actions/custom/flow").json()["actions"]
    assert [flow["name"] for flow in flows] == ["Greet"]
    described = api.get("actions/custom/flow/Greet").json()
    assert [field["type"] for field in described["inputs"]] == ["STRING", "NUMBER"]
    answer = api.post(
        "actions/custom/flow/greet",
        json={"inputs": [{"person": "Kim", "times": 2}, {"person": "Lee", "times": "many"}]},
    )
    done, refused = answer.json()
    assert done["actionName"] == "Greet"
    assert done["outputValues"] == {
        "Flow__InterviewStatus": "Finished", "greeting": "Hello Kim, 2",
    }  # fmt: skip
    assert not refused["isSuccess"]
    assert "times" in refused["errors"][0]["message"]
