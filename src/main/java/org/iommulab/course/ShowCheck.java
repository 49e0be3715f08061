package org.iommulab.course;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Result;
import org.jspecify.annotations.Nullable;

/** Checks that what a step shows is there to be seen. */
final class ShowCheck {

  private final Laboratory lab;
  private final List<Fault> faults;

  ShowCheck(Laboratory lab, List<Fault> faults) {
    this.lab = lab;
    this.faults = faults;
  }

  void check(Lesson.Step step) {
    for (Show show : step.show()) {
      Optional<String> missing = missing(show);
      missing.ifPresent(
          sentence ->
              faults.add(
                  new Fault(
                      show.line(),
                      String.format(
                          Locale.ROOT,
                          "step \"%s\" shows what is not there: %s",
                          step.id(),
                          sentence))));
    }
  }

  private Optional<String> missing(Show show) {
    Optional<String> device = show.text("device");
    if (device.isPresent() && !hasDevice(device.get())) {
      return Optional.of("this machine has no device " + device.get());
    }
    for (String number : List.of("iova", "address", "stage", "fault", "domain")) {
      if (show.at().containsKey(number) && show.number(number).isEmpty()) {
        return Optional.of("\"" + number + "\" is a number");
      }
    }
    if (show.at().containsKey("bits") && show.bits().isEmpty()) {
      return Optional.of("\"bits\" is a number such as 31, or two such as 11:0");
    }
    Optional<String> register = show.text("register");
    if (register.isPresent() && !(look("reg(" + register.get() + ")") instanceof Result.Checked)) {
      return Optional.of("there is no register " + register.get());
    }
    Optional<String> call = show.text("call");
    if (call.isPresent() && isNothing("calls(" + call.get() + ")[0]")) {
      return Optional.of("the latest command did not call " + call.get());
    }
    return show.isGone() ? Optional.empty() : missingThing(show);
  }

  private Optional<String> missingThing(Show show) {
    String of = show.text("device").or(() -> show.text("domain")).orElse("");
    Long iova = show.number("iova").orElse(null);
    return switch (show.pane()) {
      case "tree", "map" ->
          iova == null || of.isEmpty()
              ? Optional.empty()
              : absent(
                  String.format(Locale.ROOT, "pte(%s,%s)", of, Json.hex(iova)),
                  "no entry translates " + Json.hex(iova));
      case "iotlb" ->
          iova == null || of.isEmpty()
              ? Optional.empty()
              : absent(
                  String.format(Locale.ROOT, "iotlb(%s,%s)", of, Json.hex(iova)),
                  "the IOTLB has no line for " + Json.hex(iova));
      case "context" ->
          show.text("device").isEmpty()
              ? Optional.empty()
              : absent(String.format(Locale.ROOT, "ctx(%s)", of), of + " has no context entry");
      case "faults" ->
          show.number("fault")
              .filter(index -> !isWaiting(index))
              .map(index -> "no fault waits in record " + index);
      case "path" -> absent("walk", "the latest command was no DMA");
      default -> Optional.empty();
    };
  }

  /** A record that the kernel has read is listed, but it is no record any more. */
  private boolean isWaiting(long record) {
    return lab.view().tables().faults().stream()
        .skip(Math.max(0, record))
        .findFirst()
        .filter(fault -> record >= 0 && fault.pending())
        .isPresent();
  }

  private Optional<String> absent(String path, String sentence) {
    return isNothing(path) ? Optional.of(sentence) : Optional.empty();
  }

  private boolean isNothing(String path) {
    @Nullable Object actual = look(path) instanceof Result.Checked check ? check.actual() : null;
    return actual == null;
  }

  private Result look(String path) {
    return lab.execute(new Command.Expect(path, null));
  }

  private boolean hasDevice(String word) {
    return lab.view().machine().stream()
        .flatMap(machine -> machine.devices().stream())
        .anyMatch(d -> d.name().equals(word) || d.source().toString().equals(word));
  }
}
