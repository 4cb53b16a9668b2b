"""The demo's people: invented, known by their part, at addresses that receive no mail."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.models import Organisation, User
from accounts.roles import Role
from cases.models import Queue

DOMAIN = "demo.anjuan.example"

ENERGY, WATER, MACHINES = "示例能源集团", "示例水务公司", "示例装备制造"

PEOPLE: tuple[tuple[str, str, Role, str], ...] = (
    ("customer", "客户甲", Role.CUSTOMER, ENERGY),
    ("colleague", "客户乙", Role.CUSTOMER, ENERGY),
    ("water", "客户丙", Role.CUSTOMER, WATER),
    ("machines", "客户丁", Role.CUSTOMER, MACHINES),
    ("engineer", "工程师甲", Role.ENGINEER, ""),
    ("engineer2", "工程师乙", Role.ENGINEER, ""),
    ("engineer3", "工程师丙", Role.ENGINEER, ""),
    ("manager", "服务经理", Role.MANAGER, ""),
    ("admin", "系统管理员", Role.ADMINISTRATOR, ""),
)
"""Name before the @, name on the screen, role, organisation."""

CLIENTS, SERVERS = "Windows 客户端", "服务器与域"
QUEUES = {CLIENTS: ("engineer", "engineer2"), SERVERS: ("engineer2", "engineer3")}


@dataclass(frozen=True)
class Cast:
    """Everybody, by the name before the @, and the queues by name."""

    people: dict[str, User]
    queues: dict[str, Queue]

    def __getitem__(self, name: str) -> User:
        return self.people[name]


def make_people(password: str) -> Cast:
    """Makes who is missing; everyone's password becomes ``password``."""
    people = {}
    hashed = _hashed(password)
    for name, shown, role, organisation in PEOPLE:
        user = User.objects.filter(email=f"{name}@{DOMAIN}").first()
        if user is None:
            of = Organisation.objects.get_or_create(name=organisation)[0] if organisation else None
            user = User.objects.create(
                email=f"{name}@{DOMAIN}",
                password=hashed,
                name=shown,
                role=role,
                organisation=of,
                is_superuser=role == Role.ADMINISTRATOR,
            )
        elif user.password != hashed:
            user.password = hashed
            user.save(update_fields=["password"])
        people[name] = user
    queues = {}
    for name, engineers in QUEUES.items():
        queues[name], made = Queue.objects.get_or_create(name=name)
        if made:
            queues[name].engineers.set(people[key] for key in engineers)
    return Cast(people, queues)


def _hashed(password: str) -> str:
    """One hash for everybody (hashing is slow on purpose), the present one if it is of this password."""
    known = User.objects.filter(email=f"{PEOPLE[0][0]}@{DOMAIN}").first()
    return known.password if known and known.check_password(password) else make_password(password)
