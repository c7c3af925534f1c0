"""The operator's own org: its people, and the casework that ends in a decision."""

import datetime
from dataclasses import dataclass, field

from accountability import run
from deployment import User

PASSWORD = "a long walk 2 the Harbour!"

PEOPLE = {
    "Kim": ("Identity_Custody", ["Identity_Custodian"]),
    "Olu": ("Concern_Desk", ["Concern_Officer"]),
    "Rosa": ("Review_Board", ["Reviewer"]),
    "Dana": ("Decider_Inside", ["Decider"]),
    "Emil": ("Decider_Outside", ["Decider"]),
    "Ines": ("Publication", ["Redaction_Editor"]),
    "Efe": ("Enforcement", ["Enforcer"]),
    "Paul": ("External_Member", ["Appeal_Panel"]),
    "Petra": ("Panel_Chair", ["Appeal_Panel"]),
}

STATEMENT = {
    "SourceKind": "Concern",
    "Rule": "AUP-02@1",
    "GroundKind": "Policy",
    "Facts": "Mails that recipients have forwarded call for an attack on people at a named place.",
    "Ground": "The rule names incitement to violence; the mails name place, hour and target.",
    "Aim": "To protect the lives of those who live in the street.",
    "Suitability": "Without the mails the call does not spread by this way.",
    "LesserSteps": "The org was called at once and did not pick up; a lower rate still carries it.",
    "ThirdParties": "Receipts, refunds and filings go on; members get no appeals for 72 hours.",
    "LengthReasoning": "Until the hour that is named is over.",
    "Precedents": "There are none of this rule.",
    "Conflicts": "None were declared.",
    "Contacts": "Two members of parliament asked for a date.",
    "Redress": "Appeal within six months, at the panel, free of charge.",
    "LiftedBy": "The clock, or the org when it withdraws the call.",
    "ImminentHarm": "Mails of today name a street and an hour at which people are to be attacked.",
}


def today(days=0):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days)).date()


def moment(hours=0):
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Office:
    server: object
    administrator: User
    apis: dict = field(default_factory=dict)
    ids: dict = field(default_factory=dict)

    @staticmethod
    def create(server):
        text = run(
            *("accountability", "create", "--admin", "chief@office.example"),
            *("--log-name", "harborview.example/log", "--data", server.data),
        )
        facts = dict(line.split(None, 1) for line in text.replace("security token", "token").splitlines())
        chief = User("chief@office.example", facts["password"], facts["token"], "", None)
        return Office(server, chief)

    @property
    def admin(self):
        return self.server.api(self.administrator)

    def find(self, soql):
        answer = self.admin.request("GET", "query", params={"q": soql})
        assert answer.status_code == 200, answer.text
        records = answer.json()["records"]
        assert len(records) == 1, f"{soql}: {records}"
        return records[0]

    def __getitem__(self, name):
        """The API in the name of a member of the staff, who is made at first."""
        if name not in self.apis:
            role, sets = PEOPLE[name]
            self.ids[name] = make(
                self.admin,
                "User",
                LastName=name,
                Alias=name.lower(),
                Username=f"{name.lower()}@office.example",
                Email=f"{name.lower()}@office.example",
                CommunityNickname=name,
                TimeZoneSidKey="UTC",
                ProfileId=self.find("SELECT Id FROM Profile WHERE Name = 'Office Staff'")["Id"],
                UserRoleId=self.find(f"SELECT Id FROM UserRole WHERE DeveloperName = '{role}'")["Id"],
            )
            for permission_set in sets:
                found = self.find(f"SELECT Id FROM PermissionSet WHERE Name = '{permission_set}'")
                make(
                    self.admin,
                    "PermissionSetAssignment",
                    AssigneeId=self.ids[name],
                    PermissionSetId=found["Id"],
                )
            path = f"sobjects/User/{self.ids[name]}/password"
            answer = self.admin.request("POST", path, json={"NewPassword": PASSWORD})
            assert answer.status_code == 204, answer.text
            user = User(f"{name.lower()}@office.example", PASSWORD, "", "Office Staff", role)
            self.apis[name] = self.server.api(user)
        return self.apis[name]

    def review(self, org_id, org_name):
        """A review of an org's use, led by Rosa, with what a measure needs to be grounded on."""
        rosa = self["Rosa"]
        subject = make(
            self.admin,
            "DeploymentOrg",
            Name=org_name,
            OrgKey=org_id,
            Sector="Public authority",
            ContractBand="More than 1 000 000",
            ReviewTier="Standard",
        )
        review = make(
            rosa,
            "Review",
            Question="Do the appeals that go out today call for an attack on people?",
            Product="service-desk",
            Rule=STATEMENT["Rule"],
            Source="Concern",
            SubjectId=subject,
            LeadId=self.ids["Rosa"],
            Stage="Opened",
        )
        make(
            rosa,
            "ReviewParticipant",
            ReviewId=review,
            Role="Lead",
            UserId=self.ids["Rosa"],
            ConflictState="None",
        )
        make(
            rosa,
            "Evidence",
            ReviewId=review,
            Digest="ab" * 32,
            Source="Affected people",
            HowObtained="Handed over at the meeting, by the person who received it.",
            Reliability="Verified",
            ReliabilityNote="Two people who received it independently have shown the same text.",
        )
        impact = make(
            rosa,
            "ImpactAssessment",
            ReviewId=review,
            AffectedGroups="Those who live in the street, and members who wait for receipts.",
            Rights="The right to life, gravely and likely.",
            HarmOfUse="People are attacked where they live.",
            HarmOfActing="Members hear nothing of other appeals for three days.",
            Mitigation="Receipts and refunds go on.",
            Consultation="They asked that it be stopped tonight.",
            IsComplete=True,
        )
        return review, impact

    def emergency(self, org_id, org_name, kind, target):
        """The number of a decision of emergency that two have signed and that is public."""
        review, impact = self.review(org_id, org_name)
        decision = make(
            self["Rosa"],
            "Decision",
            ReviewId=review,
            OrgKey=org_id,
            Outcome="Restriction",
            Product="service-desk",
            RestrictionKind=kind,
            RestrictionTarget=target,
            StartsAt=moment(),
            EndsAt=moment(72),
            ReviewOn=str(today(2)),
            ImpactAssessmentId=impact,
            Urgency="Emergency",
            **STATEMENT,
        )
        self["Dana"], self["Emil"]
        change(self["Dana"], "Decision", decision, FirstDeciderId=self.ids["Dana"])
        change(
            self["Emil"], "Decision", decision, SecondDeciderId=self.ids["Emil"], Status="Decided"
        )
        change(self["Ines"], "Decision", decision, RedactionChecked=True)
        logged = self.find(f"SELECT Name, Status FROM Decision WHERE Id = '{decision}'")
        assert logged["Status"] == "Logged"
        return logged["Name"]


def make(api, object_name, **values):
    answer = api.request("POST", f"sobjects/{object_name}", json=values)
    assert answer.status_code == 201, f"{object_name}: {answer.text}"
    return answer.json()["id"]


def change(api, object_name, record, **values):
    answer = api.request("PATCH", f"sobjects/{object_name}/{record}", json=values)
    assert answer.status_code == 204, f"{object_name}: {answer.text}"


def judge(api, concern, reasons, harm=0, link="None"):
    """Acknowledges a concern, and judges that it is to be closed."""
    change(api, "Concern", concern, Stage="Acknowledged")
    change(
        api,
        "Concern",
        concern,
        Stage="Triaged",
        Scale=harm,
        Scope=harm,
        Irremediability=harm,
        Likelihood="Likely" if harm else "Unlikely",
        Link=link,
        Outcome="Close",
        Reasons=reasons,
    )
