"""Networks whose function needs as many hidden layers as they have, by an explicit construction.

Let L be the number of hidden layers.  Let E and O be the sums of what the neurons of a layer with
even, and with odd, numbers pass on; for the inputs, of the inputs themselves.  In layer l the
neurons with the numbers 2i and 2i + 1 have the preactivations

    2 E + O − (t_l + i s)    and    E + 2 O − (t_l + i s),    t_l = L + 2 − l,

but −E + 3 O instead of 2 E + O in layer L.  Call the first two neurons of a layer p_l and q_l.  The
spacing s is larger than all t_l, so that the others are inactive wherever we look, and there
E = relu(p_l) and O = relu(q_l).

*Claim*: for l < L, there is a way along p_l = 0 on which q_l takes all values from t_l down to
0.  This is clear for l = 1, where p_l = 0 is a hyperplane.  If it holds for l, and l + 1 < L, then
q_l is t_{l+1} somewhere on the way.  There p_{l+1} vanishes, with 2 relu(p_l) among its terms: it
*bends* at p_l.  At this place q_{l+1} = t_{l+1}; along p_{l+1} = 0 on the side p_l > 0 it falls
to 0, which it reaches at p_l = q_l = t_{l+1}/3.  So the claim holds for l + 1.  Likewise p_L bends
at p_{L-1} where q_{L-1} = t_L/3.

Since t_{l+1} < t_l, all these places are joined: p_L bends at p_{L-1}, which bends at p_{L-2}, …,
which bends at p_1, a chain of L − 1 bends.  The function shows them, because on the way to the
outputs no weights are negative but those from even neurons to even neurons of layer L.  These tell
at the last bend which of the two neurons is straight, if layer L consists of p_L alone.

So no transversal network for the function has fewer than L hidden layers; and this network is one,
if no three of its neurons meet in a cell of codimension 2.  With some spacings they do, by
accident; so one after another is tried.

The other architectures have no such network:

* A function of one variable has no cells of codimension 2, so its bound is at most 1.
* In a transversal network of L hidden layers, a chain of L − 1 bends has one neuron in each layer.
  If layer l < L has a single neuron A, those of layer l + 1 are c + κ·relu(z_A).  Along z_A = 0
  that is constant, so none of them crosses z_A = 0 and bends there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise

from tropnet.certificates.depth import DepthChain
from tropnet.errors import InvalidInputError
from tropnet.networks.architectures import to_architecture
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.transversality import is_transversal
from tropnet.piecewise.depth import DepthBound, depth_lower_bound

_WEIGHTS = ((2, 1), (1, 2))
_LAST_WEIGHTS = ((-1, 3), (1, 2))


@dataclass(frozen=True)
class DepthSeparatingNetwork:
    """A transversal network whose function no transversal network with fewer layers represents.

    Attributes:
        network: The network; it is transversal.
        bound: The generic depth bound of its function, which is the number of its hidden layers.
    """

    network: ReLUNetwork
    bound: DepthBound

    @property
    def architecture(self) -> tuple[int, ...]:
        """The widths (inputs, hidden layers …, outputs)."""
        return self.network.architecture

    @property
    def certificate(self) -> DepthChain:
        """The chain of bends, with `check(network)`: so many hidden layers are necessary."""
        return self.bound.chain


def depth_separating_network(architecture: Sequence[int]) -> DepthSeparatingNetwork:
    """Explicit small integer parameters whose function needs all the hidden layers there are.

    No transversal network with fewer hidden layers, of whatever widths, represents the function;
    the network itself is transversal, so its depth is the smallest among such representations.

    Args:
        architecture: The widths (inputs, hidden layers …, outputs).  With two hidden layers or
            more, the inputs and all hidden layers but the last must have a width of at least 2.

    Returns:
        The network, the same at every call, and the bound with its proof.

    Raises:
        InvalidInputError: if the architecture is none, or one of those without such a network.

    Guarantees:
        Both are verified for the network that is returned: that it is transversal
        (`is_transversal`), and that the bound equals its number of hidden layers
        (`depth_lower_bound`; the certificate is a proof).  The bound is about transversal
        representations, or about all of them if `bound.scope` says so: others may have fewer
        layers.  The function depends on two linear forms of the inputs only.  The refused
        architectures have no transversal network with such a bound.  That a spacing is found (see
        the module) is not proved; no architecture that was tried needed more than ten attempts.

    Cost: that of the regions and the break locus of a few small networks in two variables: 0.2 s
        for five hidden layers of width 4.

    References:
        Grillo and Montúfar, *Most ReLU networks admit identifiable parameters* (arXiv 2605.03601):
        the generic depth hierarchy.

    >>> found = depth_separating_network((2, 2, 2, 2, 2, 2, 1))
    >>> found.bound.value, found.bound.scope, found.certificate.check(found.network)
    (5, 'transversal representations', True)
    >>> [[int(entry) for entry in bias] for _, bias in found.network.layers]
    [[-6, -6], [-5, -5], [-4, -4], [-3, -3], [-2, -2], [0]]
    """
    widths = _checked(architecture)
    depth = len(widths) - 2
    for spacing in count(depth + 4):
        net = _network(widths, spacing)
        if is_transversal(net).transversal:
            bound = depth_lower_bound(net)
            if bound.value == depth:
                break
    return DepthSeparatingNetwork(net, bound)


def _checked(architecture: Sequence[int]) -> tuple[int, ...]:
    widths = to_architecture(architecture)
    depth = len(widths) - 2
    if depth < 2:
        return widths
    if widths[0] == 1:
        raise InvalidInputError(
            f"architecture: {widths} has 1 input, and no function of one variable has a depth "
            "bound above 1; take at least 2 inputs, or at most one hidden layer"
        )
    for layer, width in enumerate(widths[1:-2], 1):
        if width == 1:
            raise InvalidInputError(
                f"architecture: hidden layer {layer} of {widths} has width 1, so no neuron of the "
                f"next layer bends at its neuron, and the depth bound is below {depth} for all "
                "transversal networks; take width 2 or more in all hidden layers but the last"
            )
    return widths


def _network(widths: Sequence[int], spacing: int) -> ReLUNetwork:
    depth = len(widths) - 2
    layers = []
    for layer, (inputs, outputs) in enumerate(pairwise(widths), 1):
        weights = _LAST_WEIGHTS if layer == depth else _WEIGHTS
        rows = [[weights[j % 2][i % 2] for i in range(inputs)] for j in range(outputs)]
        thresholds = [depth + 2 - layer + j // 2 * spacing for j in range(outputs)]
        layers.append((rows, [-t if layer <= depth else 0 for t in thresholds]))
    return ReLUNetwork(layers)
