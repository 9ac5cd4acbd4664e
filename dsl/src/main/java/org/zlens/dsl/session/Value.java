package org.zlens.dsl.session;

/** What a statement results in, and what a variable holds. */
public sealed interface Value
    permits AddressValue,
        GraphValue,
        ListValue,
        NothingValue,
        NumberValue,
        PageValue,
        PromptSetValue,
        StripsValue,
        TableValue,
        TensorValue,
        TextValue,
        TreeValue,
        TruthValue {
  ValueKind kind();
}
