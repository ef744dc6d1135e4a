"""The measures of empyrical, quantstats and skfolio, and the tests of ffn and arch, without what these packages need for
other things: charts, solvers, downloads. Only the modules asked for are loaded."""
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
    roots = {"yfinance", "cvxpy", "plotly", "sklearn", "matplotlib", "tabulate", "decorator", "statsmodels"}

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.roots:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Absent(spec.name)

    def exec_module(self, module):
        pass


def bare(name, path):
    """A package whose own module is never run."""
    alone = types.ModuleType(name)
    alone.__path__ = path
    sys.modules[name] = alone


def load(package, module):
    """Raises ImportError where the package, or pandas or scipy, is not installed."""
    if not any(isinstance(finder, AbsentFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, AbsentFinder())
    if package not in sys.modules:
        found = importlib.util.find_spec(package)
        if found is None:
            raise ImportError(package)
        bare(package, list(found.submodule_search_locations))
    name = package
    for part in module.split(".")[:-1]:
        path = [f"{folder}/{part}" for folder in sys.modules[name].__path__]
        name = f"{name}.{part}"
        if name not in sys.modules:
            bare(name, path)
    return importlib.import_module(f"{package}.{module}")
