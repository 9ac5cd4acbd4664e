/**
 * What a verb is, and what checks it.
 *
 * <p>To add a verb:
 *
 * <ol>
 *   <li>Write {@code src/test/resources/lang/<feature>/<verb>.test}: the lines that a user would
 *       type.
 *   <li>Copy the nearest class of {@code command.builtin}: parameters as constants, a {@link
 *       org.zlens.dsl.command.Signature}, and {@code run}, which asks the engine one question.
 *   <li>If it changes what later lines can be checked against (the model, the SAEs, the labels),
 *       say so in {@code check}.
 *   <li>If it measures a change to the model, say what the change is in {@link
 *       org.zlens.dsl.command.EditingCommand}, so that {@code with} can hold it in force. Run the
 *       model with {@code Workbench.transformer()} on the batches of the {@code Workbench}: they
 *       are under the edits of the blocks around.
 *   <li>Add it to {@code BuiltinCommands}, in the order of the verbs.
 *   <li>Run {@code mvn -pl dsl -am test -Dtest='LanguageTest,ReferenceTest' -Dupdate-golden=true
 *       -Dsurefire.failIfNoSpecifiedTests=false} and read what changed: the expectations in the
 *       test file, {@code docs/commands.md}, and the verb's Kotlin function ({@code *Verbs.kt}).
 * </ol>
 *
 * <p>Help, completion, "did you mean", the reference and the tests of the examples follow from the
 * signature.
 */
package org.zlens.dsl.command;
