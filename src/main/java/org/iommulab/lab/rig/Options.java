package org.iommulab.lab.rig;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.Nearest;
import org.jspecify.annotations.Nullable;

/**
 * Named values of a command, taken one by one; unlike the fields of a hardware command they may be
 * expressions and are therefore read when the command is executed.
 */
final class Options {

  private final String what;
  private final Map<?, ?> map;
  private final Names names;
  private final List<String> known = new ArrayList<>();

  Options(String what, Map<?, ?> map, Names names) {
    this.what = what;
    this.map = map;
    this.names = names;
  }

  private @Nullable Object take(String name) {
    known.add(name);
    return map.get(name);
  }

  boolean has(String name) {
    return take(name) != null;
  }

  private Object needed(String name) throws Complaint {
    Object value = take(name);
    if (value == null) {
      done();
      throw new Complaint(what + " needs \"" + name + "\"");
    }
    return value;
  }

  long number(String name) throws Complaint {
    try {
      return names.value(needed(name));
    } catch (Complaint e) {
      throw take(name) == null ? e : new Complaint(what + ", \"" + name + "\": " + e.sentence());
    }
  }

  long numberOr(String name, long otherwise) throws Complaint {
    return has(name) ? number(name) : otherwise;
  }

  boolean flag(String name) throws Complaint {
    return flagOr(name, false);
  }

  boolean flagOr(String name, boolean otherwise) throws Complaint {
    return switch (take(name)) {
      case null -> otherwise;
      case Boolean value -> value;
      case Object other ->
          throw new Complaint(what + ", \"" + name + "\" must be true or false, not " + other);
    };
  }

  String text(String name) throws Complaint {
    if (needed(name) instanceof String text) {
      return text;
    }
    throw new Complaint(what + ", \"" + name + "\" must be a text");
  }

  /** A list of texts, empty if there is none. */
  List<String> texts(String name) throws Complaint {
    return switch (take(name)) {
      case null -> List.of();
      case String one -> List.of(one);
      case List<?> many when many.stream().allMatch(String.class::isInstance) ->
          many.stream().map(String.class::cast).toList();
      case Object other ->
          throw new Complaint(what + ", \"" + name + "\" must be a list of texts, not " + other);
    };
  }

  /** An object inside, empty if there is none. */
  Options inner(String name) throws Complaint {
    return switch (take(name)) {
      case null -> new Options(what, Map.of(), names);
      case Map<?, ?> inside -> new Options(what + ", \"" + name + "\"", inside, names);
      case Object other ->
          throw new Complaint(what + ", \"" + name + "\" must be an object, not " + other);
    };
  }

  /** A list of objects; a single object counts as a list of one. */
  List<Options> list(String name) throws Complaint {
    return switch (take(name)) {
      case null -> List.of();
      case Map<?, ?> one -> List.of(new Options(what, one, names));
      case List<?> many when many.stream().allMatch(Map.class::isInstance) ->
          many.stream().map(one -> new Options(what, (Map<?, ?>) one, names)).toList();
      case Object other ->
          throw new Complaint(what + ", \"" + name + "\" must be a list of objects, not " + other);
    };
  }

  /** Complains about a value that nobody asked for. */
  void done() throws Complaint {
    for (Object name : map.keySet()) {
      if (!known.contains(String.valueOf(name))) {
        throw new Complaint(
            what + " has no \"" + name + "\"" + Nearest.hint(String.valueOf(name), known));
      }
    }
  }
}
