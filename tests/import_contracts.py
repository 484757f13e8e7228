"""The import-linter contract that refuses modules named for nothing in particular."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class NoCatchAllModules(Contract):
    """Broken by any module whose own name is on the list, wherever it lies."""

    names = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        stray = sorted(module for module in graph.modules if module.rpartition(".")[2] in self.names)
        return ContractCheck(kept=not stray, metadata={"stray": stray})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for module in check.metadata["stray"]:
            output.print_error(f"{module}: name it after what it is about")
