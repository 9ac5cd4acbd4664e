package org.zlens.engine.io;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** An instance of a class that is not ours: its name and the attributes that it was stored with. */
record PickleObject(String className, ObjectNode attributes) {}
