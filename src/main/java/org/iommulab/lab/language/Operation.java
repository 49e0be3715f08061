package org.iommulab.lab.language;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the language, declared once: its name, what it does, what its line has, and what
 * is true of it. Reader and writer follow from the components of its record, one {@link Part} each;
 * schema, documentation, forms, completion and the palette are views of the same declaration.
 *
 * @param <L> the record of its lines
 */
public final class Operation<L extends Line> {

  /** Fields of which one group, or at least one group, must be there. */
  public record Rule(boolean exactlyOne, List<List<String>> groups) {
    public Rule {
      groups = List.copyOf(groups);
    }
  }

  private final String name;
  private final Class<L> type;
  private final String does;
  private final List<Part<?>> parts;
  private final Constructor<L> constructor;
  private final Set<Trait> traits = EnumSet.noneOf(Trait.class);
  private final List<Rule> rules = new ArrayList<>();
  private String answers = "";
  private String example = "";
  private Part.@Nullable Reader<L> reader;
  private Part.@Nullable Writer<L> writer;

  private Operation(String name, Class<L> type, String does, List<Part<?>> parts) {
    this.name = name;
    this.type = type;
    this.does = does;
    this.parts = parts;
    RecordComponent[] components = type.getRecordComponents();
    try {
      constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(type + " is no record", e);
    }
  }

  /**
   * An operation.
   *
   * @param does one English sentence
   * @param parts one for each component of the record, in order
   */
  static <L extends Line> Operation<L> of(
      String name, Class<L> type, String does, Part<?>... parts) {
    return new Operation<>(name, type, does, List.of(parts));
  }

  /** A record whose components depend on each other is read and written by hand. */
  Operation<L> by(Part.Reader<L> ownReader, Part.Writer<L> ownWriter) {
    reader = ownReader;
    writer = ownWriter;
    return this;
  }

  Operation<L> is(Trait trait) {
    traits.add(trait);
    return this;
  }

  /** Exactly one of these groups of fields is there. */
  @SafeVarargs
  final Operation<L> oneOf(List<String>... groups) {
    rules.add(new Rule(true, List.of(groups)));
    return this;
  }

  /** At least one of these fields is there. */
  Operation<L> someOf(String... names) {
    rules.add(new Rule(false, Arrays.stream(names).map(List::of).toList()));
    return this;
  }

  /** What its result line has, as the documentation says it. */
  Operation<L> answers(String result) {
    answers = result;
    return this;
  }

  /** A line to begin with, {@code '} for {@code "}. */
  Operation<L> example(String line) {
    example = line.replace('\'', '"');
    return this;
  }

  // ---- what it is -------------------------------------------------------------------------------

  /** Its name in scripts, such as {@code mem.write}. */
  public String name() {
    return name;
  }

  /** The record of its lines. */
  public Class<L> type() {
    return type;
  }

  /** What it does, one English sentence. */
  public String does() {
    return does;
  }

  /** What its result line has, in the words of the documentation; empty if there is none. */
  public String answers() {
    return answers;
  }

  /** A line of it, to be completed and edited. */
  public String example() {
    return example;
  }

  /** Tells whether something is true of it. */
  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** The keys of its lines, in order. */
  public List<Field> fields() {
    return parts.stream().flatMap(part -> part.fields().stream()).toList();
  }

  /** Which fields exclude or need each other. */
  public List<Rule> rules() {
    return List.copyOf(rules);
  }

  /** Key of its text in the window's bundles. */
  public String textKey() {
    return "word." + name;
  }

  // ---- reading and writing ----------------------------------------------------------------------

  L read(Fields fields) throws Complaint {
    Part.Reader<L> own = reader;
    L line = own == null ? construct(fields) : own.read(fields);
    fields.done();
    return Objects.requireNonNull(line, "a reader of a whole line makes one");
  }

  private L construct(Fields fields) throws Complaint {
    var values = new @Nullable Object[parts.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = parts.get(i).reader().read(fields);
    }
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(name, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name, e);
    }
  }

  Map<String, @Nullable Object> write(Line line) {
    var to = new LinkedHashMap<String, @Nullable Object>();
    to.put("op", name);
    L own = type.cast(line);
    Part.Writer<L> by = writer;
    if (by != null) {
      by.write(own, to);
    } else {
      RecordComponent[] components = type.getRecordComponents();
      for (int i = 0; i < components.length; i++) {
        writePart(parts.get(i), component(components[i], own), to);
      }
    }
    return to;
  }

  private static @Nullable Object component(RecordComponent component, Line of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component.toString(), e);
    }
  }

  /** The part was declared for this component, so that the value is of its type. */
  @SuppressWarnings({"unchecked", "NullAway"})
  private static <T> void writePart(
      Part<T> part, @Nullable Object value, Map<String, @Nullable Object> to) {
    part.writer().write((T) value, to);
  }
}
