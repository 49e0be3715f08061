package org.iommulab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.request.WalkStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whom all panes show. */
class SubjectTest {

  private static final SourceId NIC = SourceId.parse("00:03.0").orElseThrow();
  private static final SourceId OLD = SourceId.parse("00:04.0").orElseThrow();

  private final Selection selection = new Selection();
  private final Desk desk = new Desk(selection);

  @AfterEach
  void close() {
    desk.close();
  }

  private void give(Command command) {
    desk.model.submit(command);
    desk.settle();
  }

  private void setUp() {
    WorkedExample.setUp().forEach(this::give);
  }

  private Subject subject() {
    return desk.model.subject();
  }

  @Test
  void aRequestDecides() {
    setUp();
    give(new Command.DmaRead("00:04.0", WorkedExample.ADDRESS, 4));
    assertThat(subject().device()).isEqualTo(OLD);
    assertThat(subject().iova()).hasValue(WorkedExample.ADDRESS);
    give(WorkedExample.write());
    assertThat(subject().device()).isEqualTo(NIC);
    assertThat(subject().domain()).isEqualTo(0x21);
  }

  @Test
  void theSelectionDecidesUntilTheNextRequest() {
    setUp();
    give(WorkedExample.write());
    selection.select(new Selected.Device(OLD));
    desk.settle();
    assertThat(subject().device()).isEqualTo(OLD);
    give(new Command.Note("a remark moves nobody"));
    assertThat(subject().device()).isEqualTo(OLD);
    give(WorkedExample.write());
    assertThat(subject().device()).isEqualTo(NIC);
  }

  @Test
  void aRewindGoesBackToWhomTheEarlierCommandWasAbout() {
    setUp();
    give(WorkedExample.write());
    give(new Command.DmaRead("00:04.0", WorkedExample.ADDRESS, 4));
    desk.model.undo();
    desk.settle();
    assertThat(subject().device()).isEqualTo(NIC);
  }

  @Test
  void aSelectionAndACommandAtTheSameMomentAreBothHeard() {
    setUp();
    desk.model.submit(WorkedExample.write());
    selection.select(new Selected.Device(OLD));
    desk.settle();
    assertThat(subject().device()).isIn(NIC, OLD);
    assertThat(desk.model.momentProperty().get().snapshot())
        .isEqualTo(desk.model.facts().snapshot());
  }

  @Test
  void aDeviceThatIsNotTranslatedHasNoTables() {
    setUp();
    selection.select(new Selected.Device(SourceId.parse("00:05.0").orElseThrow()));
    desk.settle();
    assertThat(subject().table()).isNull();
  }

  static Stream<Preset> presets() {
    return Presets.all().stream();
  }

  /** After every request of every preset the tables on show are those that the request walked. */
  @ParameterizedTest
  @MethodSource("presets")
  void tablesAreThoseOfTheRequest(Preset preset) {
    preset.script().commands().forEach(this::followed);
  }

  private void followed(Command command) {
    give(command);
    boolean moved = command instanceof Command.DmaWrite || command instanceof Command.DmaRead;
    WalkPath path = moved ? lastPath() : null;
    if (path == null) {
      return;
    }
    assertThat(subject().device()).isEqualTo(path.request().source());
    OptionalInt domain = domain(path);
    if (domain.isPresent()) {
      assertThat(subject().domain()).as(command.toJson()).isEqualTo(domain.getAsInt());
    }
  }

  private WalkPath lastPath() {
    var found = new java.util.concurrent.atomic.AtomicReference<WalkPath>();
    desk.model.ask(
        view -> view.lastPath().or(() -> view.machine().flatMap(MachineView::lastPath)),
        path -> found.set(path.orElse(null)));
    desk.settle();
    return found.get();
  }

  /** The domain that the request's context or PASID entry named. */
  private static OptionalInt domain(WalkPath path) {
    return path.steps().stream()
        .map(WalkStep::facts)
        .flatMap(facts -> facts.stream())
        .filter(fact -> fact.name().equals("domain") && fact.value().matches("[0-9]+"))
        .mapToInt(fact -> Integer.parseInt(Objects.requireNonNull(fact.value())))
        .reduce((first, second) -> second);
  }
}
