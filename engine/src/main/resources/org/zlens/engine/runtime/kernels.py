class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ---- elementary operations that the binding lacks or does unsafely

  def full(self: __torch__.M, shape: List[int], value: float, device: str) -> Tensor:
    return torch.full(shape, value, dtype=6, device=torch.device(device))

  def empty(self: __torch__.M, shape: List[int], type: int, device: str) -> Tensor:
    return torch.empty(shape, dtype=type, device=torch.device(device))

  # The same numbers on a device; the tensor itself where it is there already.
  def to_device(self: __torch__.M, x: Tensor, device: str) -> Tensor:
    return torch.to(x, torch.device(device))

  def device_name(self: __torch__.M, x: Tensor) -> str:
    return str(ops.prim.device(x))

  def copy_into(self: __torch__.M, targets: List[Tensor], values: Tensor) -> int:
    _0 = torch.copy_(targets[0], values)
    return 0

  # The numbers at the beginning of a file, mapped so that changes stay here.
  def map_file(self: __torch__.M, path: str, count: int) -> Tensor:
    return torch.from_file(path, False, count, dtype=6)

  def contiguous(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.contiguous(x)

  def is_contiguous(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.tensor(torch.is_contiguous(x), dtype=4)

  def add_number(self: __torch__.M, x: Tensor, number: float) -> Tensor:
    return torch.add(x, number)

  def mul_number(self: __torch__.M, x: Tensor, number: float) -> Tensor:
    return torch.mul(x, number)

  def einsum(self: __torch__.M, equation: str, operands: List[Tensor]) -> Tensor:
    return torch.einsum(equation, operands)

  def softmax(self: __torch__.M, x: Tensor, axis: int) -> Tensor:
    return torch.softmax(x, axis)

  def log_softmax(self: __torch__.M, x: Tensor, axis: int) -> Tensor:
    return torch.log_softmax(x, axis)

  def sum_axes(self: __torch__.M, x: Tensor, axes: List[int], keep: bool) -> Tensor:
    return torch.sum(x, axes, keep)

  def mean_axes(self: __torch__.M, x: Tensor, axes: List[int], keep: bool) -> Tensor:
    return torch.mean(x, axes, keep)

  def norm_axis(self: __torch__.M, x: Tensor, axis: int) -> Tensor:
    return torch.sqrt(torch.sum(torch.mul(x, x), [axis]))

  def argmax(self: __torch__.M, x: Tensor, axis: int) -> Tensor:
    return torch.argmax(x, axis)

  def topk(self: __torch__.M, x: Tensor, k: int, axis: int) -> List[Tensor]:
    values, indices, = torch.topk(x, k, axis)
    return [values, indices]

  def gt_number(self: __torch__.M, x: Tensor, number: float) -> Tensor:
    return torch.gt(x, number)

  def where(self: __torch__.M, condition: Tensor, yes: Tensor, no: Tensor) -> Tensor:
    return torch.where(condition, yes, no)

  def reshape(self: __torch__.M, x: Tensor, sizes: List[int]) -> Tensor:
    return torch.reshape(x, sizes)

  def expand(self: __torch__.M, x: Tensor, sizes: List[int]) -> Tensor:
    return torch.expand(x, sizes)

  def select(self: __torch__.M, x: Tensor, axis: int, index: int) -> Tensor:
    return torch.select(x, axis, index)

  def index_select(self: __torch__.M, x: Tensor, axis: int, indices: Tensor) -> Tensor:
    return torch.index_select(x, axis, indices)

  def gather(self: __torch__.M, x: Tensor, axis: int, indices: Tensor) -> Tensor:
    return torch.gather(x, axis, indices)

  def cat(self: __torch__.M, tensors: List[Tensor], axis: int) -> Tensor:
    return torch.cat(tensors, axis)

  def stack(self: __torch__.M, tensors: List[Tensor], axis: int) -> Tensor:
    return torch.stack(tensors, axis)

  def copy(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.clone(x, memory_format=0)

  def to_float(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.to(x, 6, False, True)

  def to_double(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.to(x, 7, False, True)

  def to_long(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.to(x, 4, False, True)

  def detached(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.clone(torch.detach(x))

  def gradients(self: __torch__.M, y: Tensor, inputs: List[Tensor], keep: bool) -> List[Tensor]:
    found = torch.grad([y], inputs, None, keep, False, True)
    result = annotate(List[Tensor], [])
    for i in range(torch.len(inputs)):
      g = found[i]
      if torch.__is__(g, None):
        _0 = torch.append(result, torch.zeros_like(inputs[i]))
      else:
        _1 = torch.append(result, unchecked_cast(Tensor, g))
    return result

  # ---- weight processing, which changes its first argument in place: large weights exist once

  # diag(gain) W, without its mean over the first axis if it is centred.
  def fold_gain(self: __torch__.M, weights: List[Tensor], gain: Tensor, center: bool) -> int:
    for i in range(torch.len(weights)):
      _0 = torch.mul_(weights[i], torch.unsqueeze(gain, 1))
      if center:
        _1 = torch.sub_(weights[i], torch.mean(weights[i], [0], True))
    return 0

  # Each row without its mean.
  def center_rows(self: __torch__.M, weights: List[Tensor]) -> int:
    for i in range(torch.len(weights)):
      _0 = torch.sub_(weights[i], torch.mean(weights[i], [-1], True))
    return 0

  # Rows put transposed into the columns of the first argument from one on.
  def put_transposed(self: __torch__.M, targets: List[Tensor], rows: Tensor, first: int) -> int:
    columns = torch.slice(targets[0], 1, first, torch.add(first, torch.size(rows, 0)))
    _0 = torch.copy_(columns, torch.t(rows))
    return 0

  # Whether a matrix is the other transposed, in the same memory.
  def is_transpose(self: __torch__.M, a: Tensor, b: Tensor) -> Tensor:
    return torch.tensor(torch.is_set_to(torch.t(a), b), dtype=4)

  # What an edit did to values x [batch, pos, ...], or [batch, head, pos, key] by query: the
  # Euclidean distance over the finite entries (scores hold minus infinity on both sides), how many
  # entries are no longer finite, and how many places changed among the named and among the others;
  # all places are named where none is listed.
  def edit_change(self: __torch__.M, before: Tensor, after: Tensor, batch: Tensor, pos: Tensor, whole: bool, by_query: bool, slack: float) -> Tensor:
    difference = torch.sub(after, before)
    differs = torch.ne(before, after)
    if slack > 0.:
      size = torch.amax(torch.abs(torch.masked_fill(before, torch.isinf(before), 0.)), [-1], True)
      near = torch.le(torch.abs(difference), torch.mul(torch.add(size, 1.), slack))
      differs = torch.logical_and(differs, torch.logical_not(near))
    known = torch.masked_fill(difference, torch.logical_or(torch.isnan(difference), torch.logical_not(differs)), 0.)
    distance = torch.to(torch.norm(torch.detach(known)), 7)
    lost = torch.logical_and(torch.isfinite(before), torch.logical_not(torch.isfinite(after)))
    if by_query:
      places = torch.any(torch.any(differs, -1), 1)
    else:
      places = torch.any(torch.flatten(differs, 2), -1)
    if whole:
      named = torch.ones_like(places)
    else:
      named = torch.index_put(torch.zeros_like(places), [batch, pos], torch.ones([torch.size(batch, 0)], dtype=11, device=ops.prim.device(batch)))
    inside = torch.sum(torch.logical_and(places, named))
    outside = torch.sum(torch.logical_and(places, torch.logical_not(named)))
    return torch.stack([distance, torch.to(torch.sum(lost), 7), torch.to(inside, 7), torch.to(outside, 7)])

  # A copy of x [batch, pos, ...] whose rows (batch[i], pos[i]) are values[i].
  def put_rows(self: __torch__.M, x: Tensor, batch: Tensor, pos: Tensor, values: Tensor) -> Tensor:
    return torch.index_put(x, [batch, pos], values)

  # Rows (batch[i], pos[i]) of x [batch, pos, ...].
  def take_rows(self: __torch__.M, x: Tensor, batch: Tensor, pos: Tensor) -> Tensor:
    return torch.index(x, [batch, pos])

  # ---- the transformer

  # Whether numbers are of 16 bits; they are multiplied as such, and everything else is of 32.
  def is_narrow(self: __torch__.M, x: Tensor) -> bool:
    type = ops.prim.dtype(x)
    return torch.gt(torch.add(int(torch.eq(type, 5)), int(torch.eq(type, 15))), 0)

  def wide(self: __torch__.M, x: Tensor) -> Tensor:
    if (self).is_narrow(x):
      numbers = torch.to(x, 6, False, False)
    else:
      numbers = x
    return numbers

  # Numbers in 16 bits, which Java knows as brain floats or as halves.
  def to_brain_float(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.to(x, 15, False, True)

  def to_half(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.to(x, 5, False, True)

  # rows [n, in] W [in, out] + b [out]
  def product(self: __torch__.M, rows: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    if (self).is_narrow(weight):
      narrow = torch.mm(torch.to(rows, ops.prim.dtype(weight), False, False), weight)
      out = torch.add(torch.to(narrow, 6, False, False), bias)
    else:
      out = (self).dense(rows, weight, bias)
    return out

  # rows [n, in] W [in, out]
  def rows_times(self: __torch__.M, rows: Tensor, weight: Tensor) -> Tensor:
    return (self).product(rows, weight, torch.zeros([torch.size(weight, 1)], dtype=6, device=ops.prim.device(weight)))

  def embed(self: __torch__.M, tokens: Tensor, table: Tensor) -> Tensor:
    return (self).wide(torch.embedding(table, tokens))

  # Normalised input and scale sqrt(var + eps) [batch, pos, 1].
  def layer_norm(self: __torch__.M, x: Tensor, eps: float) -> List[Tensor]:
    out, mean, rstd, = torch.native_layer_norm(x, [torch.size(x, -1)], None, None, eps)
    return [out, torch.reciprocal(rstd)]

  def layer_norm_affine(self: __torch__.M, x: Tensor, w: Tensor, b: Tensor, eps: float) -> List[Tensor]:
    out, mean, rstd, = torch.native_layer_norm(x, [torch.size(x, -1)], w, b, eps)
    return [out, torch.reciprocal(rstd)]

  # Input over its scale sqrt(mean of squares + eps) [batch, pos, 1], and that.
  def rms_norm(self: __torch__.M, x: Tensor, eps: float) -> List[Tensor]:
    scale = torch.sqrt(torch.add(torch.mean(torch.mul(x, x), [-1], True), eps))
    return [torch.div(x, scale), scale]

  def center(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.sub(x, torch.mean(x, [-1], True))

  # x [..., in] W [in, out] + b [out]
  def linear(self: __torch__.M, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    rows = torch.reshape(x, [-1, torch.size(x, -1)])
    out = (self).product(rows, weight, bias)
    sizes = torch.slice(torch.size(x), 0, -1)
    return torch.view(out, torch.add(sizes, [torch.size(weight, 1)]))

  # x [batch, pos, d] W [d, head * d_head] + b -> [batch, pos, head, d_head]
  def heads(self: __torch__.M, x: Tensor, weight: Tensor, bias: Tensor, head: int) -> Tensor:
    batch = torch.size(x, 0)
    pos = torch.size(x, 1)
    rows = torch.reshape(x, [-1, torch.size(x, -1)])
    out = (self).product(rows, weight, bias)
    return torch.view(out, [batch, pos, head, -1])

  # Queries, keys and values of one input for all heads, the three of the kernel above in one.
  def heads_all(self: __torch__.M, x: Tensor, wq: Tensor, bq: Tensor, wk: Tensor, bk: Tensor, wv: Tensor, bv: Tensor, head: int, shared: int) -> List[Tensor]:
    return [(self).heads(x, wq, bq, head), (self).heads(x, wk, bk, shared), (self).heads(x, wv, bv, shared)]

  # One input for each head: x [batch, pos, head, d] W [d, head * d_head] + b
  def heads_split(self: __torch__.M, x: Tensor, weight: Tensor, bias: Tensor, head: int) -> Tensor:
    w = torch.view((self).wide(weight), [torch.size(weight, 0), head, -1])
    out = torch.einsum("bshd,dhk->bshk", [x, w])
    return torch.add(out, torch.view(bias, [head, -1]))

  # Key or value heads [batch, pos, kv, d_head] repeated to [batch, pos, head, d_head].
  def repeat_heads(self: __torch__.M, x: Tensor, times: int) -> Tensor:
    return torch.repeat_interleave(x, times, 2)

  # The first components of heads x [batch, pos, head, d_head], two for each frequency, turned by
  # position [batch or 1, pos] times frequency; component i belongs with i + number of frequencies.
  def rotate(self: __torch__.M, x: Tensor, pos: Tensor, frequencies: Tensor) -> Tensor:
    half = torch.size(frequencies, 0)
    angles = torch.unsqueeze(torch.mul(torch.unsqueeze(torch.to(pos, 6), -1), frequencies), 2)
    c = torch.cos(angles)
    s = torch.sin(angles)
    a = torch.slice(x, -1, 0, half)
    b = torch.slice(x, -1, half, torch.mul(half, 2))
    turned = [torch.sub(torch.mul(a, c), torch.mul(b, s)), torch.add(torch.mul(b, c), torch.mul(a, s))]
    if torch.lt(torch.mul(half, 2), torch.size(x, -1)):
      _0 = torch.append(turned, torch.slice(x, -1, torch.mul(half, 2)))
    return torch.cat(turned, -1)

  # Values pressed below a cap, or left as they are where it is zero.
  def soft_cap(self: __torch__.M, x: Tensor, cap: float) -> Tensor:
    if torch.eq(cap, 0.):
      capped = x
    else:
      capped = torch.mul(torch.tanh(torch.div(x, cap)), cap)
    return capped

  # Scaled and masked scores [batch, head, query, key]; minus infinity where key > query.
  def attention_scores(self: __torch__.M, q: Tensor, k: Tensor, scale: float, cap: float) -> Tensor:
    qh = torch.mul(torch.permute(q, [0, 2, 1, 3]), scale)
    kh = torch.permute(k, [0, 2, 3, 1])
    scores = (self).soft_cap(torch.matmul(qh, kh), cap)
    future = torch.triu(torch.ones([torch.size(q, 1), torch.size(k, 1)], dtype=11, device=ops.prim.device(q)), 1)
    return torch.masked_fill(scores, future, -float("inf"))

  def attention_z(self: __torch__.M, pattern: Tensor, v: Tensor) -> Tensor:
    z = torch.matmul(pattern, torch.permute(v, [0, 2, 1, 3]))
    return torch.permute(z, [0, 2, 1, 3])

  # The three above in one, where nobody looks at scores or pattern.
  def attention_fused(self: __torch__.M, q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
    z = torch.scaled_dot_product_attention(torch.permute(q, [0, 2, 1, 3]), torch.permute(k, [0, 2, 1, 3]), torch.permute(v, [0, 2, 1, 3]), None, 0., True, scale=scale)
    return torch.permute(z, [0, 2, 1, 3])

  # ---- windows: rows of a run and positions [row, pos] in them, or [1, pos] where all are alike

  # Values of x [row of the run, pos, ...] at rows [row, 1].
  def take_window(self: __torch__.M, x: Tensor, rows: Tensor, pos: Tensor) -> Tensor:
    return torch.index(x, [rows, pos])

  # The rows of x with values [row, pos, ...] at the positions; rows, then their numbers [row, 1].
  def put_window(self: __torch__.M, x: Tensor, rows: Tensor, numbers: Tensor, pos: Tensor, values: Tensor) -> Tensor:
    all = torch.index_select(x, 0, rows)
    _0 = torch.index_put_(all, [numbers, pos], values)
    return all

  # The first keys of x [row, pos, ...], in its own memory, with values [row, 1, ...] written at a
  # position of each row [row, 1]; or at the same position of all.
  def grow(self: __torch__.M, x: Tensor, numbers: Tensor, pos: Tensor, values: Tensor, keys: int) -> Tensor:
    _0 = torch.index_put_(x, [numbers, pos], values)
    return torch.slice(x, 1, 0, keys)

  def grow_even(self: __torch__.M, x: Tensor, pos: int, values: Tensor, keys: int) -> Tensor:
    _0 = torch.copy_(torch.slice(x, 1, pos, torch.add(pos, 1)), values)
    return torch.slice(x, 1, 0, keys)

  # x [row, pos, ...] with values at some positions.
  def put_places(self: __torch__.M, x: Tensor, numbers: Tensor, pos: Tensor, values: Tensor) -> Tensor:
    return torch.index_put(x, [numbers, pos], values)

  # Whether a key [key] is not after a position, and where the reach is not zero, one of so many
  # positions that end with it: [row, 1, pos, key].
  def sees(self: __torch__.M, pos: Tensor, key: Tensor, reach: int) -> Tensor:
    at = torch.unsqueeze(pos, -1)
    seen = torch.le(key, at)
    if torch.gt(reach, 0):
      seen = torch.logical_and(seen, torch.gt(key, torch.sub(at, reach)))
    return torch.unsqueeze(seen, 1)

  def window_scores(self: __torch__.M, q: Tensor, k: Tensor, sees: Tensor, scale: float, cap: float) -> Tensor:
    qh = torch.mul(torch.permute(q, [0, 2, 1, 3]), scale)
    kh = torch.permute(k, [0, 2, 3, 1])
    scores = (self).soft_cap(torch.matmul(qh, kh), cap)
    return torch.masked_fill(scores, torch.logical_not(sees), -float("inf"))

  def attention_window(self: __torch__.M, q: Tensor, k: Tensor, v: Tensor, sees: Tensor, scale: float) -> Tensor:
    z = torch.scaled_dot_product_attention(torch.permute(q, [0, 2, 1, 3]), torch.permute(k, [0, 2, 1, 3]), torch.permute(v, [0, 2, 1, 3]), sees, 0., False, scale=scale)
    return torch.permute(z, [0, 2, 1, 3])

  # z [batch, pos, head, d_head] W [head * d_head, d] + b
  def attention_out(self: __torch__.M, z: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    batch = torch.size(z, 0)
    pos = torch.size(z, 1)
    rows = torch.reshape(z, [torch.mul(batch, pos), -1])
    out = (self).product(rows, weight, bias)
    return torch.view(out, [batch, pos, -1])

  # What each head writes, without bias: [batch, pos, head, d]
  def head_results(self: __torch__.M, z: Tensor, weight: Tensor) -> Tensor:
    w = torch.view((self).wide(weight), [torch.size(z, 2), torch.size(z, 3), -1])
    return torch.einsum("bshk,hkd->bshd", [z, w])

  def gelu_tanh(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.gelu(x, approximate="tanh")

  def gelu(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.gelu(x)

  def relu(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.relu(x)

  def silu(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.silu(x)

  # An activation by its name.
  def activated(self: __torch__.M, x: Tensor, kind: str) -> Tensor:
    if torch.eq(kind, "gelu_tanh"):
      y = torch.gelu(x, approximate="tanh")
    else:
      if torch.eq(kind, "gelu"):
        y = torch.gelu(x)
      else:
        if torch.eq(kind, "silu"):
          y = torch.silu(x)
        else:
          y = torch.relu(x)
    return y

  # The same in the memory of its input, unless gradients have to find their way back through it.
  def activated_in_place(self: __torch__.M, x: Tensor, kind: str) -> Tensor:
    if ops.prim.requires_grad(x):
      y = (self).activated(x, kind)
    else:
      if torch.eq(kind, "gelu_tanh"):
        y = torch.gelu_(x, approximate="tanh")
      else:
        if torch.eq(kind, "gelu"):
          y = torch.gelu_(x)
        else:
          if torch.eq(kind, "silu"):
            y = torch.silu_(x)
          else:
            y = torch.relu_(x)
    return y

  # An MLP in one, where nobody looks into it; then one with gates.
  def mlp(self: __torch__.M, x: Tensor, w_in: Tensor, b_in: Tensor, w_out: Tensor, b_out: Tensor, kind: str) -> Tensor:
    post = (self).activated_in_place((self).linear(x, w_in, b_in), kind)
    return (self).linear(post, w_out, b_out)

  def mlp_gated(self: __torch__.M, x: Tensor, w_gate: Tensor, b_gate: Tensor, w_in: Tensor, b_in: Tensor, w_out: Tensor, b_out: Tensor, kind: str) -> Tensor:
    open = (self).activated_in_place((self).linear(x, w_gate, b_gate), kind)
    post = torch.mul(open, (self).linear(x, w_in, b_in))
    return (self).linear(post, w_out, b_out)

  # ---- sparse autoencoders

  # Tensors multiplied or divided in place, with broadcasting.
  def multiply(self: __torch__.M, targets: List[Tensor], by: Tensor) -> int:
    for i in range(torch.len(targets)):
      _0 = torch.mul_(targets[i], by)
    return 0

  def scale(self: __torch__.M, targets: List[Tensor], by: float) -> int:
    for i in range(torch.len(targets)):
      _0 = torch.mul_(targets[i], by)
    return 0

  def divide(self: __torch__.M, targets: List[Tensor], by: Tensor) -> int:
    for i in range(torch.len(targets)):
      _0 = torch.div_(targets[i], by)
    return 0

  # The k largest of each row of pre [..., feature] that are positive, the others zero.
  def top_k_relu(self: __torch__.M, pre: Tensor, k: int) -> Tensor:
    values, indices, = torch.topk(pre, k, -1, True, False)
    return torch.scatter(torch.zeros_like(pre), -1, indices, torch.relu(values))

  # Positive entries of pre [..., feature] above their threshold [feature], the others zero.
  def jump_relu(self: __torch__.M, pre: Tensor, threshold: Tensor) -> Tensor:
    return torch.mul(torch.relu(pre), torch.gt(pre, threshold))

  # Vectors x [..., d] less their mean if they are centred, over a number of their own: one (0),
  # their norm over the root of d (1), their deviation plus 1e-5 (2). Returns them, the mean, the
  # divisor and the factor that undoes it, each [..., 1].
  def sae_frame(self: __torch__.M, x: Tensor, center: bool, by: int) -> List[Tensor]:
    mean = torch.mul(torch.mean(x, [-1], True), float(int(center)))
    u = torch.sub(x, mean)
    width = torch.size(x, -1)
    if torch.eq(by, 1):
      norm = torch.norm(u, 2, [-1], True)
      divisor = torch.clamp(torch.div(norm, torch.pow(float(width), 0.5)), 1.e-30)
      factor = divisor
    else:
      if torch.eq(by, 2):
        factor = torch.std(u, [-1], True, True)
        divisor = torch.add(factor, 1.0000000000000001e-05)
      else:
        divisor = torch.ones_like(mean)
        factor = divisor
    return [torch.div(u, divisor), mean, divisor, factor]

  # ---- losses

  # Mean cross entropy of logits [batch, pos, vocabulary] against the next tokens; the last position has none.
  def next_token_loss(self: __torch__.M, logits: Tensor, tokens: Tensor) -> Tensor:
    rows = torch.reshape(torch.slice(logits, 1, 0, -1), [-1, torch.size(logits, -1)])
    targets = torch.reshape(torch.slice(tokens, 1, 1), [-1])
    return torch.cross_entropy_loss(rows, targets)

  # The same for each position: [batch, pos - 1]. Row by row, since logits are large.
  def next_token_losses(self: __torch__.M, logits: Tensor, tokens: Tensor) -> Tensor:
    targets = torch.unsqueeze(torch.slice(tokens, 1, 1), -1)
    losses = annotate(List[Tensor], [])
    for i in range(torch.size(logits, 0)):
      logs = torch.log_softmax(torch.slice(torch.select(logits, 0, i), 0, 0, -1), -1)
      _0 = torch.append(losses, torch.neg(torch.squeeze(torch.gather(logs, -1, torch.select(targets, 0, i)), -1)))
    return torch.stack(losses, 0)

  # Divergence of other next-token predictions from the clean ones, for each position: [batch, pos - 1].
  def next_token_divergences(self: __torch__.M, clean: Tensor, other: Tensor) -> Tensor:
    divergences = annotate(List[Tensor], [])
    for i in range(torch.size(clean, 0)):
      p = torch.log_softmax(torch.slice(torch.select(clean, 0, i), 0, 0, -1), -1)
      q = torch.log_softmax(torch.slice(torch.select(other, 0, i), 0, 0, -1), -1)
      _0 = torch.append(divergences, torch.sum(torch.mul(torch.exp(p), torch.sub(p, q)), [-1]))
    return torch.stack(divergences, 0)

  # Cross entropy over chosen targets: targets of -100 do not count.
  def masked_loss(self: __torch__.M, logits: Tensor, targets: Tensor) -> Tensor:
    rows = torch.reshape(logits, [-1, torch.size(logits, -1)])
    return torch.cross_entropy_loss(rows, torch.reshape(targets, [-1]))

  # ---- optimisers; all change their first argument in place

  # lists: parameters, gradients, first and second moments, step counts
  def adam(self: __torch__.M, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], lr: float, beta1: float, beta2: float, decay: float, eps: float) -> int:
    for i in range(torch.len(steps)):
      _0 = torch.add_(steps[i], 1)
    torch._fused_adamw_(p, g, m, v, [], steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
    return 0

  # The same where the steps are counted already. The lists are the caller's: a call on lists that are
  # made here and read by nobody is dropped by the compiler.
  def adam_counted(self: __torch__.M, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], lr: float, beta1: float, beta2: float, eps: float) -> int:
    torch._fused_adamw_(p, g, m, v, [], steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=0., eps=eps, amsgrad=False, maximize=False)
    return 0

  def increment(self: __torch__.M, counters: List[Tensor]) -> int:
    for i in range(torch.len(counters)):
      _0 = torch.add_(counters[i], 1)
    return 0

  # Momentum orthogonalised by five Newton-Schulz steps, for the matrices of the blocks.
  def muon(self: __torch__.M, p: List[Tensor], g: List[Tensor], m: List[Tensor], lr: float, momentum: float, decay: float) -> int:
    for i in range(torch.len(p)):
      _0 = torch.lerp_(m[i], g[i], torch.sub(1., momentum))
      x = torch.lerp(g[i], m[i], momentum)
      rows = torch.size(x, 0)
      columns = torch.size(x, 1)
      tall = torch.gt(rows, columns)
      if tall:
        x0 = torch.t(x)
      else:
        x0 = x
      x1 = torch.div(x0, torch.add(torch.norm(x0), 9.9999999999999995e-08))
      for step in range(5):
        a = torch.matmul(x1, torch.t(x1))
        b = torch.add(torch.mul(a, -4.7750000000000004), torch.mul(torch.matmul(a, a), 2.0314999999999999))
        x1 = torch.add(torch.mul(x1, 3.4445000000000001), torch.matmul(b, x1))
      if tall:
        update = torch.t(x1)
      else:
        update = x1
      ratio = torch.sqrt(ops.prim.max(1., torch.div(float(rows), float(columns))))
      _1 = torch.mul_(p[i], torch.sub(1., torch.mul(lr, decay)))
      _2 = torch.add_(p[i], update, alpha=torch.neg(torch.mul(lr, ratio)))
    return 0

  # Gradients scaled so that their joint norm is at most the limit; returns the norm before.
  def clip_gradients(self: __torch__.M, g: List[Tensor], limit: float) -> Tensor:
    total = torch.zeros([], dtype=6, device=ops.prim.device(g[0]))
    for i in range(torch.len(g)):
      total = torch.add(total, torch.sum(torch.mul(g[i], g[i])))
    norm = torch.sqrt(total)
    factor = torch.clamp(torch.div(limit, torch.add(norm, 9.9999999999999995e-07)), None, 1.)
    for j in range(torch.len(g)):
      _0 = torch.mul_(g[j], factor)
    return norm

  # Values of the second list put into the tensors of the first.
  def assign(self: __torch__.M, targets: List[Tensor], values: List[Tensor]) -> int:
    for i in range(torch.len(targets)):
      _0 = torch.copy_(torch.detach(targets[i]), values[i])
    return 0

  def zero(self: __torch__.M, targets: List[Tensor]) -> int:
    for i in range(torch.len(targets)):
      _0 = torch.zero_(targets[i])
    return 0

  # ---- training SAEs; state begins with W_enc, W_dec, b_enc, b_dec
  #
  # Each kernel of gradients returns them in the order of the state, then how often each feature was
  # active, then five numbers of before the step: loss, squared error, penalty, mean number of active
  # features, threshold. Means are over the batch.

  # Squared error plus L1 of a ReLU SAE whose input is centred; the gradients derived by hand.
  def sae_lasso_gradients(self: __torch__.M, state: List[Tensor], x: Tensor, sparsity: float) -> List[Tensor]:
    w_enc = state[0]
    w_dec = state[1]
    n = float(torch.size(x, 0))
    centred = torch.sub(x, state[3])
    f = torch.relu_(torch.addmm(state[2], centred, w_enc))
    e = torch.sub(torch.addmm(state[3], f, w_dec), x)
    active = torch.gt(f, 0)
    counts = torch.sum(active, [0], dtype=6)
    error = torch.div(torch.sum(torch.mul(e, e)), n)
    l1 = torch.div(torch.sum(f), n)
    g = torch.mul(e, torch.div(2., n))
    d_dec = torch.mm(torch.t(f), g)
    d_pre = torch.mul_(torch.add_(torch.mm(g, torch.t(w_dec)), torch.div(sparsity, n)), active)
    d_enc = torch.mm(torch.t(centred), d_pre)
    d_b_enc = torch.sum(d_pre, [0])
    d_b_dec = torch.sub(torch.sum(g, [0]), torch.mv(w_enc, d_b_enc))
    loss = torch.add(error, torch.mul(l1, sparsity))
    stats = torch.stack([loss, error, l1, torch.div(torch.sum(counts), n), torch.zeros_like(loss)])
    return [d_enc, d_dec, d_b_enc, d_b_dec, counts, stats]

  # The same in parts, for a step that goes block by block over the features; work is activations
  # [batch, width], the gradients of W_enc and b_enc, room for a block's gradients of W_dec and of the
  # pre-activations, and counts. First the activations: returns the centred input, the gradient at
  # the reconstruction, and the squared error.
  def sae_lasso_forward(self: __torch__.M, state: List[Tensor], work: List[Tensor], x: Tensor) -> List[Tensor]:
    n = float(torch.size(x, 0))
    centred = torch.sub(x, state[3])
    f = torch.relu_(torch.addmm(state[2], centred, state[0], out=work[0]))
    e = torch.sub(torch.addmm(state[3], f, state[1]), x)
    error = torch.div(torch.sum(torch.mul(e, e)), n)
    return [centred, torch.mul(e, torch.div(2., n)), error]

  # Then each block: its gradients, and its decoder rows brought to norm one; returns the sum of its
  # activations. The gradient of W_dec is that of the block alone.
  def sae_lasso_block(self: __torch__.M, state: List[Tensor], work: List[Tensor], centred: Tensor, g: Tensor, begin: int, end: int, sparsity: float) -> Tensor:
    n = float(torch.size(g, 0))
    f = torch.slice(work[0], 1, begin, end)
    rows = torch.slice(state[1], 0, begin, end)
    d_rows = torch.slice(work[3], 0, 0, torch.sub(end, begin))
    d_pre = torch.slice(work[4], 1, 0, torch.sub(end, begin))
    _0 = torch.mm(torch.t(f), g, out=d_rows)
    _1 = torch.mm(g, torch.t(rows), out=d_pre)
    _2 = torch.threshold_backward(torch.add_(d_pre, torch.div(sparsity, n)), f, 0, grad_input=d_pre)
    _3 = torch.mm(torch.t(centred), d_pre, out=torch.slice(work[1], 1, begin, end))
    _4 = torch.copy_(torch.slice(work[2], 0, begin, end), torch.sum(d_pre, [0]))
    _5 = torch.copy_(torch.slice(work[5], 0, begin, end), torch.sum(torch.sign(f), [0]))
    _6 = (self).sae_unit_rows([d_rows, rows])
    return torch.sum(f)

  # Last the gradient of b_dec and the numbers of the step.
  def sae_lasso_end(self: __torch__.M, state: List[Tensor], work: List[Tensor], g: Tensor, error: Tensor, sums: List[Tensor], sparsity: float) -> List[Tensor]:
    n = float(torch.size(g, 0))
    d_b_dec = torch.sub(torch.sum(g, [0]), torch.mv(state[0], work[2]))
    l1 = torch.div(torch.sum(torch.stack(sums)), n)
    loss = torch.add(error, torch.mul(l1, sparsity))
    stats = torch.stack([loss, error, l1, torch.div(torch.sum(work[5]), n), torch.zeros_like(loss)])
    return [d_b_dec, stats]

  # Leaves with the values of the state, in the same memory.
  def sae_leaves(self: __torch__.M, state: List[Tensor]) -> List[Tensor]:
    leaves = annotate(List[Tensor], [])
    for i in range(torch.len(state)):
      _0 = torch.append(leaves, torch.requires_grad_(torch.detach(state[i]), True))
    return leaves

  # Gradients of a loss and what was seen beside them.
  def sae_differentiated(self: __torch__.M, leaves: List[Tensor], f: Tensor, loss: Tensor, error: Tensor, penalty: Tensor, threshold: Tensor) -> List[Tensor]:
    found = torch.grad([loss], leaves, None, False, False, True)
    result = annotate(List[Tensor], [])
    for i in range(torch.len(leaves)):
      g = found[i]
      if torch.__is__(g, None):
        _0 = torch.append(result, torch.zeros_like(leaves[i]))
      else:
        _1 = torch.append(result, unchecked_cast(Tensor, g))
    counts = torch.sum(torch.gt(torch.detach(f), 0), [0], dtype=6)
    active = torch.div(torch.sum(counts), float(torch.size(f, 0)))
    stats = torch.stack([torch.detach(loss), torch.detach(error), torch.detach(penalty), active, torch.detach(threshold)])
    _2 = torch.append(result, counts)
    _3 = torch.append(result, stats)
    return result

  # Squared error plus L1 weighted by decoder norms; the input is not centred.
  def sae_decoder_lasso_gradients(self: __torch__.M, state: List[Tensor], x: Tensor, sparsity: float) -> List[Tensor]:
    p = (self).sae_leaves(state)
    n = float(torch.size(x, 0))
    f = torch.relu(torch.addmm(p[2], x, p[0]))
    e = torch.sub(torch.addmm(p[3], f, p[1]), x)
    error = torch.div(torch.sum(torch.mul(e, e)), n)
    penalty = torch.div(torch.sum(torch.mul(f, torch.norm(p[1], 2, [1], False))), n)
    loss = torch.add(error, torch.mul(penalty, sparsity))
    return (self).sae_differentiated(p, f, loss, error, penalty, torch.zeros_like(error))

  # Squared error where the k largest features of each vector are active, or as many of the batch
  # together; the mean over nested prefixes of the features. Dead features are asked to rebuild what
  # the living ones miss: dead is a mask, dead_k how many of them are active.
  def sae_topk_gradients(self: __torch__.M, state: List[Tensor], x: Tensor, k: int, whole_batch: bool, prefixes: List[int], dead: Tensor, dead_k: int, dead_weight: float) -> List[Tensor]:
    p = (self).sae_leaves(state)
    rows = torch.size(x, 0)
    n = float(rows)
    pre = torch.addmm(p[2], torch.sub(x, p[3]), p[0])
    positive = torch.relu(pre)
    if whole_batch:
      flat = torch.reshape(positive, [-1])
      some, at, = torch.topk(flat, torch.mul(rows, k), 0, True, False)
      f = torch.reshape(torch.scatter(torch.zeros_like(flat), 0, at, some), [rows, -1])
      values = some
    else:
      each, where, = torch.topk(positive, k, 1, True, False)
      f = torch.scatter(torch.zeros_like(positive), 1, where, each)
      values = each
    fixed = torch.detach(values)
    threshold = torch.min(torch.masked_fill(fixed, torch.le(fixed, 0), float("inf")))
    recon = torch.unsqueeze(p[3], 0)
    total = torch.zeros([], dtype=6, device=ops.prim.device(x))
    begin = 0
    error = total
    miss = torch.neg(x)
    for i in range(torch.len(prefixes)):
      end = prefixes[i]
      recon = torch.add(recon, torch.mm(torch.slice(f, 1, begin, end), torch.slice(p[1], 0, begin, end)))
      miss = torch.sub(recon, x)
      error = torch.div(torch.sum(torch.mul(miss, miss)), n)
      total = torch.add(total, torch.div(error, float(torch.len(prefixes))))
      begin = end
    penalty = torch.zeros([], dtype=6, device=ops.prim.device(x))
    if torch.gt(dead_k, 0):
      asleep = torch.masked_fill(pre, torch.logical_not(dead), -float("inf"))
      woken, which, = torch.topk(asleep, dead_k, 1, True, False)
      helper = torch.scatter(torch.zeros_like(pre), 1, which, torch.relu(woken))
      left = torch.add(torch.mm(helper, p[1]), torch.detach(miss))
      penalty = torch.div(torch.sum(torch.mul(left, left)), n)
    loss = torch.add(total, torch.mul(penalty, dead_weight))
    return (self).sae_differentiated(p, f, loss, error, penalty, threshold)

  # Squared error plus the number of active features, each of which must exceed exp(state[4]); its
  # gradient is estimated from the pre-activations within half a bandwidth of the threshold.
  def sae_jump_gradients(self: __torch__.M, state: List[Tensor], x: Tensor, sparsity: float, bandwidth: float) -> List[Tensor]:
    p = (self).sae_leaves(state)
    n = float(torch.size(x, 0))
    pre = torch.relu(torch.addmm(p[2], x, p[0]))
    threshold = torch.exp(p[4])
    fixed = torch.detach(threshold)
    gate = torch.to(torch.gt(torch.detach(pre), fixed), 6)
    near = torch.to(torch.lt(torch.abs(torch.sub(torch.detach(pre), fixed)), torch.div(bandwidth, 2.)), 6)
    moved = torch.mul(torch.div(torch.sub(threshold, fixed), bandwidth), near)
    f = torch.sub(torch.mul(pre, gate), torch.mul(moved, fixed))
    e = torch.sub(torch.addmm(p[3], f, p[1]), x)
    error = torch.div(torch.sum(torch.mul(e, e)), n)
    penalty = torch.div(torch.sum(torch.sub(gate, moved)), n)
    loss = torch.add(error, torch.mul(penalty, sparsity))
    return (self).sae_differentiated(p, f, loss, error, penalty, torch.zeros_like(error))

  # Squared error of a gated SAE, L1 of its gates, and the squared error of what the gates alone
  # rebuild through a decoder that this term leaves alone. state[2] is b_gate, then b_mag and r_mag.
  def sae_gated_gradients(self: __torch__.M, state: List[Tensor], x: Tensor, sparsity: float) -> List[Tensor]:
    p = (self).sae_leaves(state)
    n = float(torch.size(x, 0))
    projected = torch.mm(torch.sub(x, p[3]), p[0])
    gate = torch.add(projected, p[2])
    size = torch.add(torch.mul(projected, torch.exp(p[5])), p[4])
    open = torch.to(torch.gt(torch.detach(gate), 0), 6)
    f = torch.mul(torch.relu(size), open)
    e = torch.sub(torch.addmm(p[3], f, p[1]), x)
    error = torch.div(torch.sum(torch.mul(e, e)), n)
    strength = torch.relu(gate)
    penalty = torch.div(torch.sum(strength), n)
    rough = torch.sub(torch.addmm(torch.detach(p[3]), strength, torch.detach(p[1])), x)
    auxiliary = torch.div(torch.sum(torch.mul(rough, rough)), n)
    loss = torch.add(torch.add(error, torch.mul(penalty, sparsity)), auxiliary)
    return (self).sae_differentiated(p, f, loss, error, penalty, torch.zeros_like(error))

  # The decoder's gradient without its part along the rows of W_dec, which come to norm one.
  def sae_unit_rows(self: __torch__.M, both: List[Tensor]) -> int:
    d_dec = both[0]
    w_dec = both[1]
    _0 = torch.div_(w_dec, torch.norm(w_dec, 2, [1], True))
    along = torch.sum(torch.mul(d_dec, w_dec), [1], True)
    _1 = torch.addcmul_(d_dec, along, w_dec, value=-1)
    return 0

  # Counts of a step added to those so far, and the vectors since each feature was last active.
  def sae_count(self: __torch__.M, both: List[Tensor], counts: Tensor, vectors: int) -> int:
    _0 = torch.add_(both[0], counts)
    _1 = torch.masked_fill_(torch.add_(both[1], vectors), torch.gt(counts, 0), 0)
    return 0

  # Squared error of each vector; state begins with W_enc, W_dec, b_enc, b_dec.
  def sae_losses(self: __torch__.M, state: List[Tensor], x: Tensor) -> Tensor:
    f = torch.relu_(torch.addmm(state[2], torch.sub(x, state[3]), state[0]))
    e = torch.sub(torch.addmm(state[3], f, state[1]), x)
    return torch.sum(torch.mul(e, e), [1])

  # Dead features take the directions of vectors, encoders at a share of the mean living norm.
  def sae_resample(self: __torch__.M, state: List[Tensor], x: Tensor, dead: Tensor, rows: Tensor, scale: float) -> int:
    w_enc = state[0]
    alive = torch.ones([torch.size(w_enc, 1)], dtype=6, device=ops.prim.device(w_enc))
    _0 = torch.index_fill_(alive, 0, dead, 0.)
    living = torch.sum(alive)
    norms = torch.norm(w_enc, 2, [0], False)
    mean = torch.where(torch.gt(living, 0), torch.div(torch.sum(torch.mul(norms, alive)), torch.clamp(living, 1.)), torch.ones_like(living))
    centred = torch.sub(torch.index_select(x, 0, rows), state[3])
    unit = torch.div(centred, torch.add(torch.norm(centred, 2, [1], True), 1.e-08))
    _1 = torch.index_copy_(state[1], 0, dead, unit)
    _2 = torch.index_copy_(w_enc, 1, dead, torch.t(torch.mul(unit, torch.mul(mean, scale))))
    _3 = torch.index_fill_(state[2], 0, dead, 0.)
    return 0

  # Moments of features set to zero: first those of the means, then those of the squares.
  def sae_forget_moments(self: __torch__.M, moments: List[Tensor], parameters: int, features: Tensor) -> int:
    for i in [0, parameters]:
      _0 = torch.index_fill_(moments[i], 1, features, 0.)
      _1 = torch.index_fill_(moments[torch.add(i, 1)], 0, features, 0.)
      _2 = torch.index_fill_(moments[torch.add(i, 2)], 0, features, 0.)
    return 0
