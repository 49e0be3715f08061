package org.iommulab.lab.rig.keys;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.Json;
import org.iommulab.lab.script.Nearest;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a machine line, or of one of its units, devices or bridges, as they are asked for. A
 * key that nobody asked for is a mistake.
 */
public final class KeyMap {

  private final String owner;
  private final Map<String, Object> keys;
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * @param owner whose keys they are, for complaints, such as {@code a machine}
   */
  public KeyMap(String owner, Map<String, Object> keys) {
    this.owner = owner;
    this.keys = keys;
  }

  /** Complains about the first key that was never asked for. */
  public void done() throws Complaint {
    for (String key : keys.keySet()) {
      if (!known.contains(key)) {
        throw new Complaint(owner + " has no key \"" + key + "\"" + Nearest.hint(key, known));
      }
    }
  }

  void ignore(Collection<String> names) {
    known.addAll(names);
  }

  boolean has(String key) {
    known.add(key);
    return keys.containsKey(key);
  }

  public @Nullable Object value(String key) {
    known.add(key);
    return keys.get(key);
  }

  public Complaint wrong(String key, String what) {
    return new Complaint(owner + ": \"" + key + "\" " + what);
  }

  public long number(String key, long otherwise) throws Complaint {
    return switch (value(key)) {
      case null -> otherwise;
      case Long value -> value;
      case String text -> {
        try {
          yield Json.number(text);
        } catch (Complaint e) {
          throw wrong(key, e.sentence());
        }
      }
      case Object other -> throw wrong(key, "must be a number, not " + other);
    };
  }

  public long between(String key, long otherwise, long low, long high) throws Complaint {
    long number = number(key, otherwise);
    if (number < low || number > high) {
      throw wrong(
          key, String.format(Locale.ROOT, "must be from %d to %d, not %d", low, high, number));
    }
    return number;
  }

  boolean flag(String key, boolean otherwise) throws Complaint {
    return switch (value(key)) {
      case null -> otherwise;
      case Boolean value -> value;
      case Object other -> throw wrong(key, "must be true or false, not " + other);
    };
  }

  String word(String key, String otherwise) throws Complaint {
    return switch (value(key)) {
      case null -> otherwise;
      case String text -> text;
      case Object other -> throw wrong(key, "must be a text, not " + other);
    };
  }

  String neededWord(String key) throws Complaint {
    if (!has(key)) {
      throw new Complaint(owner + " needs a key \"" + key + "\"");
    }
    return word(key, "");
  }

  public String choice(String key, String otherwise, Collection<String> choices) throws Complaint {
    String word = word(key, otherwise);
    if (!choices.contains(word)) {
      throw wrong(key, "must be " + String.join(" or ", choices) + ", not \"" + word + "\"");
    }
    return word;
  }

  /** A list of texts; empty without the key. */
  List<String> words(String key) throws Complaint {
    var words = new ArrayList<String>();
    for (Object element : list(key)) {
      if (!(element instanceof String text)) {
        throw wrong(key, "must be a list of texts, not " + element);
      }
      words.add(text);
    }
    return words;
  }

  /**
   * A list of objects; empty without the key.
   *
   * @param what what one of them is, for complaints
   */
  public List<KeyMap> objects(String key, String what) throws Complaint {
    var objects = new ArrayList<KeyMap>();
    for (Object element : list(key)) {
      if (!(element instanceof Map<?, ?> map)) {
        throw wrong(key, "must be a list of objects, not " + element);
      }
      var copy = new LinkedHashMap<String, Object>();
      map.forEach((name, value) -> copy.put(String.valueOf(name), value));
      objects.add(new KeyMap(what + " " + objects.size(), copy));
    }
    return objects;
  }

  private List<?> list(String key) throws Complaint {
    return switch (value(key)) {
      case null -> List.of();
      case List<?> list -> list;
      case Object other -> throw wrong(key, "must be a list, not " + other);
    };
  }

  /** The same keys with some taken over from another map where they are missing. */
  KeyMap withDefaults(KeyMap from, Collection<String> names) {
    var merged = new LinkedHashMap<>(keys);
    for (String name : names) {
      Object inherited = from.value(name);
      if (inherited != null) {
        merged.putIfAbsent(name, inherited);
      }
    }
    return new KeyMap(owner, merged);
  }
}
