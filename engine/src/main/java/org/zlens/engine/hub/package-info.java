/**
 * Models and SAEs from the Hugging Face hub, in the cache that a user has of it already.
 *
 * <p>The cache is the one that huggingface_hub keeps, in the same folders and found by the same
 * variables of the environment, so that nothing is downloaded twice and nothing stands in two
 * places. What is in it is used as it is, without asking the network; what is not is downloaded
 * into it.
 *
 * <p>A server is treated as hostile: what it names, how long it says things are, how much it sends
 * and where it leads are all bounded or checked, and every file is checked by its hash before it
 * gets its name. A token goes to the server that it was given for and to no other.
 */
package org.zlens.engine.hub;
