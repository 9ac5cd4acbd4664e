
  # rows [n, in] W [in, out] + b [out] by the BLAS, where libtorch was built without oneDNN.
  def dense(self: __torch__.M, rows: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.addmm(bias, rows, weight)
