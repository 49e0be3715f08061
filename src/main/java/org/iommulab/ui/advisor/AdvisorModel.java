package org.iommulab.ui.advisor;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.iommulab.lab.LabView;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.advice.Advice;
import org.iommulab.lab.advice.Evidence;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selection;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.settings.Settings;
import org.iommulab.words.Bilingual;

/**
 * What the advisor has to say. It looks on unless a person has sent it away; a lesson or an
 * exercise sends it away until it is asked.
 */
@Singleton
public final class AdvisorModel {

  private static final String WANTED = "advisor";
  private static final String REVIEW = "advisor.review";

  /** What is asked of the laboratory after each command. */
  record Said(boolean on, List<Advice> advice) {

    static Said of(LabView view) {
      return new Said(view.isAdvised(), view.advice());
    }
  }

  private final LabModel lab;
  private final PresetPlayer player;
  private final Selection selection;
  private final Notices notices;
  private final Settings settings;
  private final ReadOnlyBooleanWrapper on = new ReadOnlyBooleanWrapper(this, "on");
  private final BooleanProperty reviewing = new SimpleBooleanProperty(this, "reviewing");
  private final ObservableList<Advice> cases = FXCollections.observableArrayList();
  private List<Advice> all = List.of();

  @Inject
  public AdvisorModel(
      LabModel lab, PresetPlayer player, Selection selection, Notices notices, Settings settings) {
    this.lab = lab;
    this.player = player;
    this.selection = selection;
    this.notices = notices;
    this.settings = settings;
    reviewing.set(settings.flag(REVIEW, false));
    reviewing.subscribe(
        review -> {
          settings.put(REVIEW, review);
          choose();
        });
    player.lessonProperty().subscribe(lesson -> look(lesson == null && isWanted()));
  }

  private boolean isWanted() {
    return settings.flag(WANTED, true);
  }

  /** Whether it looks on. */
  ReadOnlyBooleanProperty onProperty() {
    return on.getReadOnlyProperty();
  }

  /** Whether hints and habits are said as well. */
  BooleanProperty reviewingProperty() {
    return reviewing;
  }

  /** What it has said about the commands in effect, the latest first. */
  ObservableList<Advice> cases() {
    return cases;
  }

  /** Sends it away until it is asked, because somebody is to find out alone. */
  public void rest() {
    look(false);
  }

  /** Asks for it, or sends it away; outside of lessons that is remembered. */
  void ask(boolean wanted) {
    if (player.lesson().isEmpty()) {
      settings.put(WANTED, wanted);
      settings.save();
    }
    look(wanted);
  }

  private void look(boolean wanted) {
    lab.change(
        laboratory -> {
          laboratory.setAdvised(wanted);
          return Said.of(laboratory.view());
        },
        this::show);
  }

  /** Shows what the laboratory has answered. */
  void show(Said said) {
    on.set(said.on());
    all = said.advice();
    choose();
  }

  private void choose() {
    List<Advice> chosen =
        all.stream()
            .filter(advice -> reviewing.get() || !advice.rule().review())
            .toList()
            .reversed();
    if (!chosen.equals(cases)) {
      cases.setAll(chosen);
    }
  }

  /** Selects what shows it. */
  void select(Evidence evidence) {
    var subject = lab.subject();
    lab.ask(
        view -> EvidenceThing.of(view, subject, evidence),
        thing -> thing.ifPresent(selection::select));
  }

  /** Carries out the commands that mend it; tells if one is refused. */
  void fix(Advice advice) {
    lab.change(
        laboratory -> mend(laboratory, advice.fix()),
        refused -> refused.ifPresent(sentence -> notices.tell(Role.BAD, sentence)));
  }

  private static Optional<Bilingual> mend(Laboratory laboratory, List<String> lines) {
    for (String line : lines) {
      switch (Command.parse(line)) {
        case Reading.Bad<Command>(Bilingual sentence) -> {
          return Optional.of(sentence);
        }
        case Reading.Good<Command>(Command command) -> {
          if (laboratory.execute(command) instanceof Result.Refused(Bilingual sentence)) {
            return Optional.of(sentence);
          }
        }
      }
    }
    return Optional.empty();
  }
}
