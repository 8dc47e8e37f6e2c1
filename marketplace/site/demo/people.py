"""The demo's people: one sign-in per role, and a desk in every other organisation."""

from dataclasses import dataclass

from marketplace.accounts.rules import Role

PASSWORD = "use-first-pay-later"  # noqa: S105


@dataclass(frozen=True)
class SignIn:
    """A person that a visitor may sign in as. `home` names one of the demo's own organisations."""

    address: str
    name: str
    home: str
    roles: tuple[Role, ...]
    does: str


SIGN_INS: tuple[SignIn, ...] = (
    SignIn("officer@university.example", "何老师", "university", (Role.TRANSFER_OFFICER,),
           "高校技术转移专员：整理成果、谈条款、受理收入申报"),
    SignIn("head@university.example", "梁主任", "university", (Role.OFFICE_HEAD,),
           "高校转移中心主任：批准上架、接受条款、签署"),
    SignIn("researcher@university.example", "林教授", "university", (Role.RESEARCHER,),
           "成果完成人：起草自己的成果、看自己的收入"),
    SignIn("finance@university.example", "周会计", "university", (Role.UNIVERSITY_FINANCE,),
           "高校财务：登记到账、处理逾期利息、分配收益"),
    SignIn("contact@company.example", "陈工", "company", (Role.CONTACT,),
           "企业联系人：找成果、申请试用"),
    SignIn("signatory@company.example", "黄总", "company", (Role.SIGNATORY,),
           "企业授权签字人：接受条款、签署、转付费"),
    SignIn("finance@company.example", "王会计", "company", (Role.COMPANY_FINANCE,),
           "企业财务：申报收入、看账单"),
    SignIn("reviewer@platform.example", "罗编辑", "platform", (Role.LISTING_REVIEWER,),
           "平台成果审核：发布成果"),
    SignIn("first@platform.example", "陈敏", "platform", (Role.DEAL_APPROVER,),
           "平台交易审批：初审"),
    SignIn("second@platform.example", "刘航", "platform", (Role.DEAL_APPROVER,),
           "平台交易审批：复核"),
    SignIn("finance@platform.example", "许会计", "platform", (Role.PLATFORM_FINANCE,),
           "平台财务：登记公布的利率与汇率"),
    SignIn("admin@platform.example", "唐管理", "platform", (Role.ADMINISTRATOR,),
           "平台管理员：核验机构"),
    SignIn("auditor@platform.example", "沈审计", "platform", (Role.AUDITOR,),
           "平台审计：只读"),
)  # fmt: skip


def sign_ins() -> list[tuple[str, str, str]]:
    """What the demo prints: (who it is, address, password) of each role."""
    return [(person.does, person.address, PASSWORD) for person in SIGN_INS]
