"""tropnet: exact tropical geometry of ReLU networks."""

from tropnet import catalogue
from tropnet.certificates.answer import Answer, Verdict
from tropnet.certificates.budget import Budget
from tropnet.comparison.equality import Equality, decide_equality
from tropnet.comparison.equivalence import Equivalence, decide_equivalence
from tropnet.comparison.max_difference import Supremum, max_difference
from tropnet.comparison.minimality import (
    GradientSpan,
    decide_minimality,
    gradient_span,
    max_linear_pieces,
)
from tropnet.comparison.shallow import decide_shallow
from tropnet.comparison.shallow_networks.component import ShallowComponent
from tropnet.comparison.shallow_networks.minimal import (
    MinimalShallowNetwork,
    minimal_shallow_network,
)
from tropnet.comparison.shallow_networks.representations import (
    ComponentCount,
    ShallowRepresentations,
    shallow_representations,
)
from tropnet.comparison.simplification import Simplification, simplify
from tropnet.errors import (
    BudgetExceededError,
    CertificateError,
    InvalidInputError,
    TropnetError,
    UnsupportedNetworkError,
)
from tropnet.identifiability.decision import Identifiability, decide_identifiability
from tropnet.identifiability.depth_separation import (
    DepthSeparatingNetwork,
    depth_separating_network,
)
from tropnet.identifiability.dimension import FunctionalDimension, functional_dimension
from tropnet.identifiability.fiber import Fiber, FiberComponent, fiber
from tropnet.identifiability.identifiable import IdentifiableNetwork, identifiable_network
from tropnet.identifiability.infinitesimal import (
    HiddenSymmetry,
    InfinitesimalSymmetries,
    Integration,
    IntegrationKind,
    infinitesimal_symmetries,
)
from tropnet.identifiability.maximal import MaximalNetwork, maximal_network
from tropnet.identifiability.recovery import RecoveredComponent, Recovery, recover_parameters
from tropnet.io import (
    from_torch,
    load,
    load_with_notes,
    object_from_json,
    object_to_json,
    save,
    to_gfan,
    to_polymake,
    to_torch,
)
from tropnet.networks.break_facets import BreakFacet, break_facets
from tropnet.networks.network import ReLUNetwork, from_arrays
from tropnet.networks.random_networks import random_network
from tropnet.networks.regions import (
    ActivationRegion,
    activation_regions,
    count_activation_regions,
)
from tropnet.networks.symmetries import CanonicalForm, canonical_form
from tropnet.networks.transversality import Transversality, is_transversal
from tropnet.networks.tropicalization import to_network, tropicalize
from tropnet.piecewise import (
    Facet,
    LinearPiece,
    PiecewiseLinearFunction,
    WeightedComplex,
    break_locus,
    count_linear_pieces,
    piecewise_linear,
)
from tropnet.piecewise.bends import BendGraph, Branch
from tropnet.piecewise.conewise import tran_wang_decomposition, tran_wang_fan
from tropnet.piecewise.convexity import (
    convex_cone,
    is_convex,
    is_indecomposable_hypersurface,
    is_regular_complex,
    linearity_complex,
)
from tropnet.piecewise.decomposition import (
    Decomposition,
    DecompositionPolyhedron,
    decomposition_polyhedron,
)
from tropnet.piecewise.depth import DepthBound, depth_lower_bound
from tropnet.piecewise.minimal_decompositions import (
    MinimalDecompositions,
    minimal_decompositions,
    pareto_minimal_decompositions,
)
from tropnet.piecewise.polyhedral_complex import PolyhedralComplex
from tropnet.polyhedra import Decomposability, NormalFan, Polyhedron, decide_decomposability
from tropnet.search import (
    Enumeration,
    Finding,
    Mutations,
    RandomWeights,
    SearchProgress,
    SearchResult,
    Structured,
    WorkerProcesses,
    search_counterexamples,
)
from tropnet.tropical import (
    MixedSubdivision,
    RegularSubdivision,
    TropicalPolynomial,
    TropicalRational,
    VirtualPolytope,
    common_summand,
)
from tropnet.tropical.complexity import Complexity, factorization_complexity, monomial_complexity
from tropnet.tropical.minimal_representations import (
    MinimalPairs,
    MinimalPolynomial,
    minimal_pairs,
    minimal_polynomial,
)

__all__ = [
    "ActivationRegion",
    "Answer",
    "BendGraph",
    "Branch",
    "BreakFacet",
    "Budget",
    "BudgetExceededError",
    "CanonicalForm",
    "CertificateError",
    "Complexity",
    "ComponentCount",
    "Decomposability",
    "Decomposition",
    "DecompositionPolyhedron",
    "DepthBound",
    "DepthSeparatingNetwork",
    "Enumeration",
    "Equality",
    "Equivalence",
    "Facet",
    "Fiber",
    "FiberComponent",
    "Finding",
    "FunctionalDimension",
    "GradientSpan",
    "HiddenSymmetry",
    "Identifiability",
    "IdentifiableNetwork",
    "InfinitesimalSymmetries",
    "Integration",
    "IntegrationKind",
    "InvalidInputError",
    "LinearPiece",
    "MaximalNetwork",
    "MinimalDecompositions",
    "MinimalPairs",
    "MinimalPolynomial",
    "MinimalShallowNetwork",
    "MixedSubdivision",
    "Mutations",
    "NormalFan",
    "PiecewiseLinearFunction",
    "PolyhedralComplex",
    "Polyhedron",
    "RandomWeights",
    "ReLUNetwork",
    "RecoveredComponent",
    "Recovery",
    "RegularSubdivision",
    "SearchProgress",
    "SearchResult",
    "ShallowComponent",
    "ShallowRepresentations",
    "Simplification",
    "Structured",
    "Supremum",
    "Transversality",
    "TropicalPolynomial",
    "TropicalRational",
    "TropnetError",
    "UnsupportedNetworkError",
    "Verdict",
    "VirtualPolytope",
    "WeightedComplex",
    "WorkerProcesses",
    "activation_regions",
    "break_facets",
    "break_locus",
    "canonical_form",
    "catalogue",
    "common_summand",
    "convex_cone",
    "count_activation_regions",
    "count_linear_pieces",
    "decide_decomposability",
    "decide_equality",
    "decide_equivalence",
    "decide_identifiability",
    "decide_minimality",
    "decide_shallow",
    "decomposition_polyhedron",
    "depth_lower_bound",
    "depth_separating_network",
    "factorization_complexity",
    "fiber",
    "from_arrays",
    "from_torch",
    "functional_dimension",
    "gradient_span",
    "identifiable_network",
    "infinitesimal_symmetries",
    "is_convex",
    "is_indecomposable_hypersurface",
    "is_regular_complex",
    "is_transversal",
    "linearity_complex",
    "load",
    "load_with_notes",
    "max_difference",
    "max_linear_pieces",
    "maximal_network",
    "minimal_decompositions",
    "minimal_pairs",
    "minimal_polynomial",
    "minimal_shallow_network",
    "monomial_complexity",
    "object_from_json",
    "object_to_json",
    "pareto_minimal_decompositions",
    "piecewise_linear",
    "random_network",
    "recover_parameters",
    "save",
    "search_counterexamples",
    "shallow_representations",
    "simplify",
    "to_gfan",
    "to_network",
    "to_polymake",
    "to_torch",
    "tran_wang_decomposition",
    "tran_wang_fan",
    "tropicalize",
]
