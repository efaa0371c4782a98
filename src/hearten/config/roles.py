"""`roles.yaml`: what each role answers for, and what is not its responsibility."""

from pydantic import Field

from evaluator.model import product
from hearten.config.base_model import Entry
from hearten.config.field_types import Text


class RoleEntry(Entry):
    """A role, never a person."""

    name: Text = Field(description="What the role is called.", examples=["Developers"])
    answers_for: list[Text] = Field(
        description="What the role is responsible for.", examples=[["Quality"]]
    )
    helps_with: list[Text] = Field([], description="What it is asked about, or told of.")
    not_responsible_for: list[Text] = Field([], description="What is not its responsibility.")


class RolesFile(Entry):
    """The file `roles.yaml`. Without it, hearten's own proposal is shown."""

    roles: list[RoleEntry] = Field(
        [], description="The roles, in the order in which they are shown."
    )

    def in_plan(self) -> tuple[product.Role, ...]:
        """Return the roles as the plan holds them."""
        return tuple(
            product.Role(
                role.name,
                tuple(role.answers_for),
                tuple(role.helps_with),
                tuple(role.not_responsible_for),
            )
            for role in self.roles
        )
