"""The measures of empyrical, quantstats and skfolio without what these packages need for other things: charts, solvers,
downloads. Only the modules with the measures are loaded."""
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types


class Absent(types.ModuleType):
    """Stands for a module that no measure uses."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


class AbsentFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    roots = {"yfinance", "cvxpy", "plotly", "sklearn"}

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.roots:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Absent(spec.name)

    def exec_module(self, module):
        pass


def load(package, module):
    """Raises ImportError where the package, or pandas or scipy, is not installed."""
    found = importlib.util.find_spec(package)
    if found is None:
        raise ImportError(package)
    if not any(isinstance(finder, AbsentFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, AbsentFinder())
    alone = types.ModuleType(package)
    alone.__path__ = list(found.submodule_search_locations)
    sys.modules[package] = alone
    return importlib.import_module(f"{package}.{module}")
