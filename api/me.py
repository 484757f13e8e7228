"""The account of the caller."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.choices import Clearance, Role
from accounts.models import ApiToken
from accounts.requests import SignedInApiRequest
from api.children import without_parameters
from api.outputs import CLASSIFICATIONS, Output
from core.api.views import TAGGED, ApiView, object_answer


class TokenOutput(Output):
    """The token of the request."""

    name = serializers.CharField()
    scope = serializers.ChoiceField(choices=ApiToken.Scope.choices)
    expires_at = serializers.DateTimeField()


class MeOutput(Output):
    """The account, and its rights."""

    username = serializers.CharField()
    name = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    agency = serializers.CharField(allow_null=True, help_text="The key of the agency.")
    clearance = serializers.ChoiceField(choices=CLASSIFICATIONS)
    token = TokenOutput(allow_null=True, help_text="Null for a browser session.")


class Me(ApiView):
    """The account of the caller."""

    @extend_schema(operation_id="me_read", responses={200: MeOutput}, extensions=TAGGED)
    def get(self, request: SignedInApiRequest) -> Response:
        """The account of the caller: roles, agency, clearance, and the scope and expiry of the token."""
        without_parameters(request)
        user, token = request.user, request.auth
        token_document = None
        if isinstance(token, ApiToken):
            token_document = {"name": token.name, "scope": token.scope, "expires_at": token.expires_at}
        return object_answer(
            request,
            {
                "username": user.username,
                "name": str(user),
                "roles": [role.value for role in Role if role in user.roles],
                "agency": user.agency.slug if user.agency else None,
                "clearance": Clearance(user.clearance).name.lower(),
                "token": token_document,
            },
        )
