package org.iommulab.ui.journal;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Language;
import org.iommulab.lab.language.Operation;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.language.Trait;
import org.iommulab.lab.run.call.Function;
import org.iommulab.lab.run.call.Functions;
import org.iommulab.ui.LabModel;
import org.iommulab.words.Bilingual;

/** Reads a script line, gives the command, remembers what was typed, and completes. */
final class ConsoleModel {

  /** One line for each operation, to be completed and edited. */
  static final List<String> TEMPLATES =
      Language.operations().stream()
          .filter(row -> !row.has(Trait.IN_FILES_ONLY))
          .map(Operation::example)
          .toList();

  /** One line for each function that can be called. */
  private static final List<String> CALLS =
      Functions.byChapter().values().stream().flatMap(List::stream).map(Function::example).toList();

  private static final String OP = "{\"op\":\"";

  private static final Bilingual NO_PROBLEM = Bilingual.same("");

  private final LabModel model;
  private final List<String> history = new ArrayList<>();
  private final ReadOnlyObjectWrapper<Bilingual> problem =
      new ReadOnlyObjectWrapper<>(this, "problem", NO_PROBLEM);
  private int recalled;

  @Inject
  ConsoleModel(LabModel model) {
    this.model = model;
  }

  /** What was wrong with the line given last; empty if nothing was. */
  ReadOnlyObjectProperty<Bilingual> problemProperty() {
    return problem.getReadOnlyProperty();
  }

  /** Gives the command of a line; false if the line cannot be read. */
  boolean run(String line) {
    if (line.isBlank()) {
      return false;
    }
    return switch (Command.parse(line)) {
      case Reading.Good<Command>(Command command) -> {
        problem.set(NO_PROBLEM);
        history.add(line.strip());
        recalled = history.size();
        model.submit(command, this::show);
        yield true;
      }
      case Reading.Bad<Command>(Bilingual sentence) -> {
        problem.set(sentence);
        yield false;
      }
    };
  }

  private void show(Result result) {
    problem.set(result instanceof Result.Refused(Bilingual sentence) ? sentence : NO_PROBLEM);
  }

  /** The line given before the one recalled last. */
  Optional<String> earlier() {
    recalled = Math.max(0, recalled - 1);
    return recalled < history.size() ? Optional.of(history.get(recalled)) : Optional.empty();
  }

  /** The line given after the one recalled last; empty text after the last. */
  Optional<String> later() {
    recalled = Math.min(history.size(), recalled + 1);
    return Optional.of(recalled < history.size() ? history.get(recalled) : "");
  }

  /** Lines that what was typed may become: by name of the operation, or any word of it. */
  List<String> complete(String typed) {
    String text = typed.strip().toLowerCase(Locale.ROOT);
    String word = text.startsWith(OP) ? text.substring(OP.length()) : text.replace("{", "");
    if (word.contains(",")) {
      return List.of();
    }
    String name = word.replace("\"", "");
    var found = new ArrayList<String>();
    TEMPLATES.stream().filter(line -> line.startsWith(OP + name)).forEach(found::add);
    Stream.concat(TEMPLATES.stream(), name.isEmpty() ? Stream.of() : CALLS.stream())
        .filter(line -> !found.contains(line) && line.toLowerCase(Locale.ROOT).contains(name))
        .forEach(found::add);
    return found;
  }
}
