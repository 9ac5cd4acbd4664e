/**
 * Studies that check themselves: a folder with a recipe, the numbers that it should find, and what
 * it is about.
 *
 * <p>To add a study:
 *
 * <ol>
 *   <li>Write {@code examples/NAME/recipe.zl}. It begins with {@code param model = "sprig"}; what
 *       depends on the model is a parameter too, with the value for sprig as its default. {@code
 *       expect} holds what is true of every model, such as that rows sum; each number that the
 *       study is about is a {@code finding}.
 *   <li>Write {@code expected.json} beside it: title, place in the paper, question, the models with
 *       the values of the recipe's parameters ("{study}" in one is the folder of the study), and
 *       for each finding what it should be on which model. One finding at least is a control: a
 *       number that would be as large as the others if the claim were not about what it says it is
 *       about.
 *   <li>Run {@code bin/zlens study NAME}, put in the numbers of sprig, and write {@code README.md}.
 * </ol>
 */
package org.zlens.dsl.study;
