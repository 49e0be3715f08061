package org.iommulab.ui.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.peer.exec.ProgramCall;
import org.iommulab.ui.Desk;
import org.iommulab.ui.view.part.Phrase;
import org.junit.jupiter.api.Test;

/** A program of our own on the laboratory of a window; where that is forbidden, it says so. */
final class ProgramModelTest {

  private static final String PROGRAM = "org.iommulab.peer.exec.MapsMemory";
  private static final int LONGEST_TURNS = 3000;

  private final Desk desk = new Desk();
  private final ProgramModel model = new ProgramModel(desk.model, desk.session, desk.fx);

  private static List<String> program() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        folder("/org/iommulab/peer/exec/MapsMemory.class")
            + ":"
            + folder("/org/iommulab/peer/host/Host.class"),
        PROGRAM);
  }

  private static Path folder(String name) {
    URL file = ProgramModelTest.class.getResource(name);
    Path path = Path.of(URI.create(String.valueOf(file)));
    return path.subpath(0, path.getNameCount() - 5).isAbsolute()
        ? path
        : path.getRoot().resolve(path.subpath(0, path.getNameCount() - 5));
  }

  private void until(BooleanSupplier there) throws InterruptedException {
    for (int i = 0; i < LONGEST_TURNS && !there.getAsBoolean(); i++) {
      desk.settle();
      synchronized (this) {
        wait(10);
      }
    }
    assertThat(there.getAsBoolean()).as(model.sentenceProperty().get().toString()).isTrue();
  }

  private boolean mayNotBeTried() {
    Phrase said = model.sentenceProperty().get();
    boolean forbidden = "program.failed".equals(said.key());
    if (forbidden) {
      System.err.println("not tried, because of this machine: " + said);
    }
    return forbidden;
  }

  private ProgramCall waiting() {
    var program = model.program();
    return program == null ? null : program.gate().waiting();
  }

  @Test
  void programStopsBeforeACallIsSteppedAndItsCallsStayInTheJournal() throws Exception {
    try (desk) {
      model.setShown(true);
      model.stopsProperty().set("IOMMU_IOAS_MAP");
      model.run(new Order(program(), "", "7.3", null, false));
      until(() -> waiting() != null || !model.isRunning());
      if (mayNotBeTried()) {
        return;
      }
      desk.settle();
      assertThat(model.stateProperty().get()).isEqualTo(ProgramModel.State.PAUSED);
      assertThat(waiting().name()).isEqualTo("IOMMU_IOAS_MAP");
      assertThat(model.rows()).extracting(CallRow::name).contains("open", "IOMMU_IOAS_ALLOC");
      assertThat(model.rows()).extracting(CallRow::name).doesNotContain("IOMMU_IOAS_MAP");
      model.step();
      until(() -> waiting() != null && model.rows().stream().anyMatch(ProgramModelTest::isMap));
      model.stopsProperty().set("");
      model.goOn();
      until(() -> !model.isRunning());
      assertThat(model.program().end().join().code()).isEqualTo(42);
      assertThat(model.rows())
          .filteredOn(ProgramModelTest::isMap)
          .extracting(CallRow::ending)
          .containsExactly("0", "EEXIST");
      everyCallCanBeCarriedOutAgain();
      model.filterProperty().set("EEXIST");
      desk.settle();
      assertThat(model.rows()).singleElement().matches(ProgramModelTest::isMap);
    }
  }

  private static boolean isMap(CallRow row) {
    return row.name().equals("IOMMU_IOAS_MAP");
  }

  /** Going back and forth ends where it began, without the program. */
  private void everyCallCanBeCarriedOutAgain() {
    String before = desk.session.change(ProgramModelTest::state).join();
    desk.session.change(lab -> lab.rewind(3)).join();
    desk.session.change(lab -> lab.rewind(lab.journal().size())).join();
    assertThat(desk.session.change(ProgramModelTest::state).join()).isEqualTo(before);
    assertThat(
            desk.session
                .change(
                    lab -> {
                      var again = new Laboratory();
                      var ends = new java.util.ArrayList<String>();
                      for (Command one : lab.toScript("again").commands()) {
                        again.execute(one);
                      }
                      for (int i = 0; i < lab.journal().size(); i++) {
                        if (!lab.journal()
                            .get(i)
                            .result()
                            .equals(again.journal().get(i).result())) {
                          ends.add(lab.journal().get(i).command().toJson());
                        }
                      }
                      return ends;
                    })
                .join())
        .isEmpty();
  }

  private static String state(Laboratory lab) {
    var kernel = lab.view().kernel().orElseThrow();
    return kernel.leaks() + " " + kernel.processes() + " " + kernel.domains();
  }

  @Test
  void programThatDoesNotExistIsToldInOneSentence() throws Exception {
    try (desk) {
      model.run(new Order(List.of("there-is-no-such-program"), "", "7.3", null, false));
      until(() -> !model.isRunning());
      assertThat(model.sentenceProperty().get().key()).isEqualTo("program.failed");
    }
  }

  @Test
  void programThatIsStoppedEnds() throws Exception {
    try (desk) {
      model.run(new Order(List.of("sleep", "600"), "", "7.3", null, false));
      until(() -> model.program() != null || !model.isRunning());
      if (mayNotBeTried()) {
        return;
      }
      model.stop();
      until(() -> !model.isRunning());
      assertThat(model.sentenceProperty().get().key()).isIn("program.stopped", "program.failed");
    }
  }

  @Test
  void wordsOfACommandLineAreThoseOfAShell() {
    assertThat(Order.words("a 'b c' \"d \\\" e\" f\\ g ''"))
        .containsExactly("a", "b c", "d \" e", "f g", "");
    assertThat(Order.words("  ")).isEmpty();
  }
}
