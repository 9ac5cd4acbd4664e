
  # rows [n, in] W [in, out] + b [out] by oneDNN, whose code is made for the processor at hand, where
  # the BLAS knows some processors well and others hardly. It keeps nothing for gradients, and what it
  # prepares for each shape does not pay for small matrices.
  def dense(self: __torch__.M, rows: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    large = torch.ge(torch.mul(torch.size(weight, 0), torch.size(weight, 1)), 262144)
    held = ops.prim.requires_grad(rows) or ops.prim.requires_grad(weight)
    dense = torch.is_contiguous(weight) or torch.is_contiguous(torch.t(weight))
    if large and dense and not held and ops.prim.is_cpu(rows):
      out = ops.mkldnn._linear_pointwise(rows, torch.t(weight), bias, "none", annotate(List[Optional[number]], []), None)
    else:
      out = torch.addmm(bias, rows, weight)
    return out
