package org.iommulab.ui.journal;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.iommulab.lab.script.Command;
import org.iommulab.lab.script.Reading;
import org.iommulab.lab.script.Result;
import org.iommulab.ui.LabModel;

/** Reads a script line, gives the command, remembers what was typed, and completes. */
final class ConsoleModel {

  /** One line for each operation, to be completed and edited. */
  static final List<String> TEMPLATES =
      List.of(
          "{\"op\":\"machine\"}",
          "{\"op\":\"mem.read\",\"addr\":\"0x1000\",\"count\":8}",
          "{\"op\":\"mem.write\",\"addr\":\"0x1000\",\"u64\":[\"0x0\"]}",
          "{\"op\":\"mem.fill\",\"addr\":\"0x1000\",\"len\":4096,\"pattern\":\"addr\"}",
          "{\"op\":\"reg.read\",\"off\":\"0x8\",\"size\":8}",
          "{\"op\":\"reg.write\",\"off\":\"0x18\",\"size\":4,\"value\":\"0x0\"}",
          "{\"op\":\"dma.read\",\"rid\":\"00:03.0\",\"iova\":\"0x1000\",\"len\":16}",
          "{\"op\":\"dma.write\",\"rid\":\"00:03.0\",\"iova\":\"0x1000\",\"data\":\"deadbeef\"}",
          "{\"op\":\"msi\",\"rid\":\"00:03.0\",\"addr\":\"0xfee00000\",\"data\":\"0x41\"}",
          "{\"op\":\"irq.read\"}",
          "{\"op\":\"reset\"}",
          "{\"op\":\"linux.boot\",\"cmdline\":\"intel_iommu=on\"}",
          "{\"op\":\"open\",\"path\":\"/dev/iommu\",\"as\":\"iommu\"}",
          "{\"op\":\"ioctl\",\"fd\":\"iommu\",\"cmd\":\"IOMMU_IOAS_ALLOC\",\"arg\":{},\"as\":\"ioas\"}",
          "{\"op\":\"close\",\"fd\":\"iommu\"}",
          "{\"op\":\"user.alloc\",\"as\":\"buf\",\"len\":65536}",
          "{\"op\":\"user.write\",\"at\":\"buf\",\"hex\":\"00\"}",
          "{\"op\":\"user.read\",\"at\":\"buf\",\"len\":16}",
          "{\"op\":\"call\",\"fn\":\"vfio_dma_map\",\"args\":"
              + "{\"iova\":\"0x0\",\"size\":\"0x1000\",\"vaddr\":\"buf\",\"readonly\":false}}",
          "{\"op\":\"clock.advance\",\"ms\":10}",
          "{\"op\":\"checkpoint\",\"name\":\"here\"}",
          "{\"op\":\"rewind\",\"to\":\"here\"}",
          "{\"op\":\"expect\",\"path\":\"reg(GSTS).TES\",\"value\":1}",
          "{\"op\":\"note\",\"text\":\"\"}");

  private static final String OP = "{\"op\":\"";

  private final LabModel model;
  private final List<String> history = new ArrayList<>();
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper(this, "problem", "");
  private int recalled;

  @Inject
  ConsoleModel(LabModel model) {
    this.model = model;
  }

  /** What was wrong with the line given last; empty if nothing was. */
  ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
  }

  /** Gives the command of a line; false if the line cannot be read. */
  boolean run(String line) {
    if (line.isBlank()) {
      return false;
    }
    return switch (Command.parse(line)) {
      case Reading.Good<Command>(Command command) -> {
        problem.set("");
        history.add(line.strip());
        recalled = history.size();
        model.submit(command, this::show);
        yield true;
      }
      case Reading.Bad<Command>(String sentence) -> {
        problem.set(sentence);
        yield false;
      }
    };
  }

  private void show(Result result) {
    problem.set(result instanceof Result.Refused(String sentence) ? sentence : "");
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
    TEMPLATES.stream()
        .filter(line -> !found.contains(line) && line.toLowerCase(Locale.ROOT).contains(name))
        .forEach(found::add);
    return found;
  }
}
