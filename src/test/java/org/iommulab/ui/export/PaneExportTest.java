package org.iommulab.ui.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.input.KeyCode;
import javax.xml.parsers.DocumentBuilderFactory;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.workbench.DesktopStage;
import org.iommulab.ui.workbench.Workbench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.xml.sax.InputSource;

@OnScreen
class PaneExportTest {

  @RegisterExtension final DesktopStage desktop = new DesktopStage(980, 880);

  @TempDir private Path folder;

  private LabPane pane(String id) {
    return desktop.get(Workbench.class).panes().stream()
        .filter(pane -> pane.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyPaneIsWrittenInEveryFormItHas(FxRobot robot) throws Exception {
    for (LabPane pane : desktop.get(Workbench.class).panes()) {
      robot.interact(() -> desktop.get(Workbench.class).reveal(pane));
      desktop.settle();
      for (ExportFormat format : ExportFormat.values()) {
        Path file = folder.resolve(pane.id() + "." + format.extension());
        robot.interact(
            () -> {
              try {
                PaneExport.write(pane, format, file);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
        assertThat(file).isNotEmptyFile();
        if (format == ExportFormat.SVG) {
          var svg =
              DocumentBuilderFactory.newInstance()
                  .newDocumentBuilder()
                  .parse(new InputSource(new StringReader(Files.readString(file))));
          assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
        }
      }
    }
  }

  @Test
  void pictureInLinesHasTheWordsOfThePane() {
    desktop.settle();
    String svg = PaneExport.text(pane("tree"), ExportFormat.SVG);
    assertThat(svg).contains(">1_0040_0000</text>").contains("JetBrains Mono").contains("<rect");
  }

  @Test
  void rowsBecomeObjectsByHeading() {
    desktop.settle();
    assertThat(PaneExport.text(pane("tree"), ExportFormat.JSON))
        .contains("\"IOVA\": \"1_0040_0000\"");
    assertThat(PaneExport.text(pane("tree"), ExportFormat.CSV)).startsWith("Entry,IOVA,");
  }

  @Test
  void fileNameDecidesTheForm(FxRobot robot) {
    desktop.settle();
    Path file = folder.resolve("tables.csv");
    LabWindow.read(() -> desktop.get(ExportActions.class).save(pane("tree"), file.toFile())).join();
    assertThat(file).content().startsWith("Entry,IOVA,");
    robot.interact(
        () ->
            desktop.get(ExportActions.class).save(pane("tree"), folder.resolve("x.doc").toFile()));
    assertThat(folder.resolve("x.doc")).doesNotExist();
  }

  @Test
  void clickedPaneIsTheOneThatIsCopied(FxRobot robot) {
    desktop.settle();
    robot.clickOn("#iotlb-tab").clickOn("#iotlb-pane");
    assertThat(desktop.get(ActivePane.class).paneProperty().get()).contains(pane("iotlb"));
    robot.type(KeyCode.ESCAPE);
  }
}
