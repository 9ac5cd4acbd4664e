package org.zlens.dsl.session;

import org.zlens.dsl.syntax.Address;

/** An address in the model, such as a feature that a script has given a name. */
public record AddressValue(Address address) implements Value {
  @Override
  public ValueKind kind() {
    return ValueKind.ADDRESS;
  }

  @Override
  public String toString() {
    return address.text();
  }
}
