"""The API's pages and its OpenAPI document."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class Docs(SpectacularSwaggerSplitView):
    """The pages, drawn from the document; the script stands apart, so that the strict policy holds."""

    url_name = "api-schema"
    template_name = "api/docs.html"


class Schema(SpectacularAPIView):
    """The OpenAPI document; answers YAML, or JSON with `?format=json`."""
