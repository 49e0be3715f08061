package org.iommulab.lab.language;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The table of the language: every operation once, in the order of the documentation. A new
 * operation is a record of {@link Command}, a row here, and a runner in {@code lab.run}.
 */
public final class Language {

  /** The chapters of the documentation and what they have. */
  private static final Map<String, List<Operation<?>>> CHAPTERS = chapters();

  private static final Map<String, Operation<?>> BY_NAME = new LinkedHashMap<>();
  private static final Map<Class<?>, Operation<?>> BY_TYPE = new LinkedHashMap<>();

  static {
    for (List<Operation<?>> rows : CHAPTERS.values()) {
      for (Operation<?> row : rows) {
        BY_NAME.put(row.name(), row);
        BY_TYPE.put(row.type(), row);
      }
    }
  }

  private Language() {}

  private static Map<String, List<Operation<?>>> chapters() {
    var chapters = new LinkedHashMap<String, List<Operation<?>>>();
    chapters.put("machine", List.of(HardwareRows.MACHINE));
    chapters.put("hardware", HardwareRows.all());
    chapters.put("translation", TranslationRows.all());
    chapters.put("devices", DriverRows.all());
    chapters.put("kernel", KernelRows.all());
    chapters.put("control", ControlRows.all());
    return chapters;
  }

  // ---- the table --------------------------------------------------------------------------------

  /** Every operation. */
  public static List<Operation<?>> operations() {
    return List.copyOf(BY_NAME.values());
  }

  /** The operations of each chapter of the documentation. */
  public static Map<String, List<Operation<?>>> byChapter() {
    return new LinkedHashMap<>(CHAPTERS);
  }

  /** The operation of that name. */
  public static Optional<Operation<?>> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The operation of a line. */
  public static Operation<?> of(Line line) {
    return Objects.requireNonNull(BY_TYPE.get(line.getClass()), line.getClass().getName());
  }

  /** The names of all commands, which are the operations that do not exist in files only. */
  public static Set<String> commands() {
    var names = new LinkedHashSet<String>();
    BY_NAME.values().stream()
        .filter(row -> !row.has(Trait.IN_FILES_ONLY))
        .forEach(row -> names.add(row.name()));
    return names;
  }

  // ---- reading and writing ----------------------------------------------------------------------

  /** Reads one line of a script. */
  static Reading<Command> read(String json) {
    try {
      return new Reading.Good<>(command(Json.readJson(json)));
    } catch (Complaint e) {
      return new Reading.Bad<>(e.words());
    }
  }

  /** Reads a command. */
  public static Command command(JsonNode node) throws Complaint {
    Operation<?> row = row(node);
    if (row == null || row.has(Trait.IN_FILES_ONLY)) {
      throw unknown(name(node), commands());
    }
    return (Command) row.read(new Fields(row.name(), node));
  }

  /** Reads a line of a script file, which may be an end of a loop. */
  public static Line line(JsonNode node) throws Complaint {
    Operation<?> row = row(node);
    if (row == null) {
      throw unknown(name(node), commands());
    }
    return row.read(new Fields(row.name(), node));
  }

  private static @Nullable Operation<?> row(JsonNode node) throws Complaint {
    return BY_NAME.get(name(node));
  }

  private static String name(JsonNode node) throws Complaint {
    if (!node.isObject()) {
      throw new Complaint(
          "a command is an object such as {\"op\":\"reset\"}, not %s",
          "命令是一个对象，例如 {\"op\":\"reset\"}，而不是 %s", shorten(node));
    }
    JsonNode op = node.get("op");
    if (op == null || !op.isString()) {
      throw new Complaint(
          "a command needs \"op\", the name of its operation", "命令需要 \"op\"，即操作的名称");
    }
    return op.stringValue();
  }

  private static Complaint unknown(String name, Set<String> known) {
    return new Complaint(
        "unknown operation \"%s\"%s", "未知操作 \"%s\"%s", name, Nearest.hint(name, known));
  }

  private static String shorten(JsonNode node) {
    String text = node.toString();
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  static String write(Line line) {
    return Json.write(of(line).write(line));
  }
}
