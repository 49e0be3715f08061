package org.iommulab.testkit;

import static org.iommulab.testkit.LabAssert.assertThat;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.assertj.core.api.Assertions;
import org.iommulab.lab.script.Presets;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.workbench.Workbench;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** The kit does what it says, on the real window. */
@OnScreen
final class KitTest {

  private LabWindow lab;

  @Start
  void start(Stage stage) {
    lab = LabWindow.open(stage);
  }

  @Test
  void aPresetPlaysByTheClockOfTheTest() {
    lab.preset("stale-iotlb", 1);
    assertThat(lab).isAtStep("stale-iotlb", 1);
    lab.click("#play-button");
    int before = lab.get(org.iommulab.ui.player.PresetPlayer.class).progress().done();
    lab.tick();
    assertThat(lab).isAtStep("stale-iotlb", before + 1);
  }

  private void tell(Role role, String words) {
    lab.robot().interact(() -> lab.get(Notices.class).tell(role, words));
    lab.settle();
  }

  @Test
  void whatIsOnlyToldGoesByItself() {
    tell(Role.OK, "Saved.");
    assertThat(lab).says("Saved.");
    lab.messageIsRead();
    Assertions.assertThat(lab.get(Notices.class).currentProperty().get()).isNull();
    tell(Role.BAD, "Refused.");
    lab.messageIsRead();
    assertThat(lab).says("Refused.");
  }

  @Test
  void aQuestionIsNeverCovered() {
    var decided = new ArrayList<String>();
    lab.robot()
        .interact(
            () ->
                lab.get(Notices.class)
                    .ask(
                        Role.WARN,
                        () -> "Restore?",
                        new Notices.Offer("recovery.restore", () -> decided.add("yes")),
                        new Notices.Offer("recovery.discard", () -> decided.add("no"))));
    tell(Role.OK, "Saved.");
    assertThat(lab).shows("#question-text", "Restore?").shows("#message-text", "Saved.");
    lab.messageIsRead();
    assertThat(lab).shows("#message-text", "Restore?");
    tell(Role.BAD, "Refused.");
    lab.click("#question-accept");
    Assertions.assertThat(decided).containsExactly("yes");
    assertThat(lab).shows("#message-text", "Refused.");
    Assertions.assertThat(lab.scene().lookup("#question-text")).isNull();
  }

  @Test
  void theConsoleGivesCommands() {
    lab.script("{\"op\":\"linux.boot\",\"cmdline\":\"intel_iommu=on\"}");
    lab.console().run("{\"op\":\"note\",\"text\":\"by hand\"}");
    assertThat(lab).hasGiven("{\"op\":\"note\",\"text\":\"by hand\"}").hasCommands(2).isCalm();
    Assertions.assertThat(lab.console().run("{\"op\":\"nonsense\"}").problem())
        .contains("nonsense");
    lab.press(KeyCode.ESCAPE);
  }

  @Test
  void rowsAndStagesAreFoundById() {
    lab.preset("vfio-dma-map", Presets.named("vfio-dma-map").orElseThrow().steps().size());
    Assertions.assertThat(lab.path().has("iotlb")).isTrue();
    lab.show("registers");
    Assertions.assertThat(lab.table("registers").size()).isPositive();
    Assertions.assertThat(lab.table("registers").cell("ver", "name")).containsIgnoringCase("ver");
    lab.click("#bench-device-00-03-0");
  }

  /** Over all presets and panes. */
  @Test
  void everyIdCanBeLookedUpAsItStands() {
    var bad = new ArrayList<String>();
    for (String preset : List.of("vfio-dma-map", "device-tlb", "page-request", "two-units")) {
      lab.preset(preset, 100);
      for (LabPane pane : lab.get(Workbench.class).panes()) {
        lab.show(pane.id());
        lab.robot().interact(() -> collect(lab.scene().getRoot(), bad));
      }
    }
    Assertions.assertThat(bad).isEmpty();
  }

  private void collect(Node node, List<String> bad) {
    String id = node.getId();
    if (id != null
        && (!id.matches("[A-Za-z][A-Za-z0-9_-]*") || lab.scene().lookup("#" + id) == null)) {
      bad.add(id);
    }
    if (node instanceof Parent parent) {
      parent.getChildrenUnmodifiable().forEach(child -> collect(child, bad));
    }
  }
}
