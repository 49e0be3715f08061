package org.iommulab.ui.casefile;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import javafx.stage.Window;
import org.iommulab.course.Report;
import org.iommulab.evidence.casefile.Case;
import org.iommulab.evidence.casefile.CaseReport;
import org.iommulab.evidence.casefile.Comparison;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.CaseScript;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;
import org.iommulab.ui.busy.Work;
import org.iommulab.words.Bilingual;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;

/** What one does with a case: compare it, send its faults again, write its report. */
@Singleton
final class CaseActions implements ActionSource {

  private final CaseModel model;
  private final LabModel lab;
  private final Notices notices;
  private final Texts texts;

  @Inject
  CaseActions(CaseModel model, LabModel lab, Notices notices, Texts texts) {
    this.model = model;
    this.lab = lab;
    this.notices = notices;
    this.texts = texts;
  }

  @Override
  public List<Action> actions() {
    return List.of(
        Action.named("show-case").shortcut("F7").blocked(noCase()).runs(this::toggle),
        Action.named("case-compare").blocked(noCase()).runs(this::compare),
        Action.named("case-compare-folder").blocked(noCase()).runs(this::compareFolder),
        Action.named("case-replay").blocked(noRequest()).runs(this::replay),
        Action.named("case-report").blocked(noCase()).runs(this::report));
  }

  private ObservableValue<String> noCase() {
    return model
        .openedProperty()
        .map(shown -> shown == null ? "reason.no-case" : "")
        .orElse("reason.no-case");
  }

  /** Without tables or without a request there is nothing to send. */
  private ObservableValue<String> noRequest() {
    return Bindings.createStringBinding(
        () -> {
          CaseModel.Shown shown = model.openedProperty().get();
          if (shown == null) {
            return "reason.no-case";
          }
          boolean tables = !shown.explained().opened().snapshots().isEmpty();
          return tables ? request().isPresent() ? "" : "reason.no-fault" : "reason.no-tables";
        },
        model.openedProperty(),
        model.chosenProperty());
  }

  private java.util.Optional<Command> request() {
    return java.util.Optional.ofNullable(model.chosenProperty().get())
        .flatMap(tally -> CaseScript.request(tally.first()));
  }

  private void toggle() {
    if (model.showingProperty().get()) {
      model.leave();
    } else {
      model.show();
    }
  }

  /**
   * Sends the request of the faults that are looked at, on a fork that is made first if need be.
   */
  private void replay() {
    request()
        .ifPresent(
            command ->
                lab.change(
                    Work.named("work.fork"),
                    CaseActions::forked,
                    result -> {
                      if (result instanceof Result.Refused(Bilingual sentence)) {
                        notices.tell(Role.BAD, sentence);
                      } else {
                        lab.submit(command, this::told);
                      }
                    }));
  }

  private static Result forked(Laboratory laboratory) {
    return laboratory.isForked() ? Result.NOTHING : laboratory.fork();
  }

  private void told(Result result) {
    if (result instanceof Result.Refused(Bilingual sentence)) {
      notices.tell(Role.BAD, sentence);
    }
  }

  private void compare() {
    var chooser = new FileChooser();
    chooser.setTitle(texts.get("case.compare-title"));
    File chosen = chooser.showOpenDialog(window());
    if (chosen != null) {
      compareWith(chosen.toPath());
    }
  }

  private void compareFolder() {
    var chooser = new DirectoryChooser();
    chooser.setTitle(texts.get("case.compare-title"));
    File chosen = chooser.showDialog(window());
    if (chosen != null) {
      compareWith(chosen.toPath());
    }
  }

  /** What was, against what the other shows. */
  void compareWith(Path other) {
    CaseModel.Shown shown = model.openedProperty().get();
    if (shown != null) {
      lab.aside(
          Work.named("work.open", String.valueOf(other.getFileName())),
          () -> Case.open(other),
          reading -> {
            switch (reading) {
              case Case.Bad(Bilingual sentence) -> notices.tell(Role.BAD, sentence);
              case Case.Good(Case second) ->
                  model.compare(
                      new CaseModel.Differences(
                          String.valueOf(other.getFileName()),
                          Comparison.of(shown.explained().opened(), second)));
            }
          });
    }
  }

  private void report() {
    var chooser = new FileChooser();
    chooser.setTitle(texts.get("case.report-title"));
    chooser.setInitialFileName("iommu-case.html");
    chooser
        .getExtensionFilters()
        .addAll(new ExtensionFilter("HTML", "*.html"), new ExtensionFilter("Markdown", "*.md"));
    File chosen = chooser.showSaveDialog(window());
    if (chosen != null) {
      writeReport(chosen.toPath());
    }
  }

  /** One file for a bug tracker, without the names of people and machines. */
  void writeReport(Path file) {
    CaseModel.Shown shown = model.openedProperty().get();
    if (shown == null) {
      return;
    }
    boolean chinese = texts.isChinese();
    String text = CaseReport.markdown(shown.explained(), chinese);
    boolean markdown = file.toString().toLowerCase(Locale.ROOT).endsWith(".md");
    try {
      Files.writeString(
          file, markdown ? text : Report.html(CaseReport.title(shown.explained(), chinese), text));
      notices.tell(Role.OK, () -> texts.get("file.saved", file));
    } catch (IOException e) {
      notices.tell(Role.BAD, () -> texts.get("file.not-saved", file, WhyNot.written(e)));
    }
  }

  private static @Nullable Window window() {
    return Window.getWindows().stream()
        .filter(Objects::nonNull)
        .filter(Window::isFocused)
        .findFirst()
        .orElse(null);
  }
}
