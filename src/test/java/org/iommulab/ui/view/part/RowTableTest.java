package org.iommulab.ui.view.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.stage.Stage;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

@OnScreen
final class RowTableTest {

  private record Row(String key, int depth) implements OutlineRow {
    @Override
    public Branch branch() {
      return Branch.NONE;
    }
  }

  private Scene scene;
  private RowTable<Row> flat;
  private RowTable<Row> deep;
  private RowTable<Row> narrow;
  private RowTable<Row> eighty;

  @Start
  void start(Stage stage) {
    flat = table();
    deep = table();
    narrow =
        new RowTable<Row>("kernel-slots", new Texts(Locale.ENGLISH))
            .column("slot", 24, row -> Figure.of(row.key()))
            .column("bytes", 24, row -> Figure.of(row.key()))
            .column("address", 24, row -> Figure.of(row.key()))
            .column("original", 24, row -> Figure.of(row.key()));
    eighty =
        new RowTable<Row>("kernel-slots", new Texts(Locale.ENGLISH))
            .column("slot", 80, row -> Figure.of(row.key()));
    eighty.getItems().setAll(List.of(new Row("8", 0)));
    scene = new Scene(new HBox(flat, deep, narrow, eighty), 1600, 300);
    new Theme().dress(scene);
    stage.setScene(scene);
    stage.show();
  }

  private static RowTable<Row> table() {
    return new RowTable<Row>("tree", new Texts(Locale.ENGLISH))
        .outline("entry", 40, row -> Figure.of(row.key()), row -> {})
        .column("target", 40, row -> Figure.of("frame 17FFFF"));
  }

  /** However narrow its figures are and however large the letters: a heading is read whole. */
  @Test
  void headingsAreNotShortened() {
    for (double pixels : new double[] {9, 13, 18.2, 26}) {
      LabWindow.read(
          () -> {
            scene.getRoot().setStyle("-fx-font-size: " + pixels + "px");
            return narrow.getItems().setAll(List.of(new Row("8", 0)));
          });
      LabWindow.layOut(scene);
      LabWindow.layOut(scene);
      assertThat(LabWindow.read(this::shortened)).as(pixels + " px").isEmpty();
    }
  }

  /**
   * Eighty pixels are what the toolkit gives columns, to size them by their words as it pleases.
   */
  @Test
  void columnOfTheToolkitsOwnWidthKeepsIt() {
    LabWindow.layOut(scene);
    LabWindow.layOut(scene);
    assertThat(LabWindow.read(() -> eighty.getColumns().getFirst().getWidth()))
        .isGreaterThanOrEqualTo(80);
  }

  private List<String> shortened() {
    return narrow.lookupAll(".column-header .label").stream()
        .map(Label.class::cast)
        .filter(label -> label.isVisible() && label.isTextTruncated())
        .map(Label::getText)
        .toList();
  }

  /** Otherwise the last columns of a page table are out of sight. */
  @Test
  void onlyTheColumnThatIsIndentedIsWiderForIt() {
    LabWindow.read(
        () ->
            flat.getItems().setAll(List.of(new Row("a", 0)))
                && deep.getItems().setAll(List.of(new Row("a", 5))));
    LabWindow.layOut(scene);
    assertThat(deep.getColumns().get(0).getWidth())
        .isGreaterThan(flat.getColumns().get(0).getWidth());
    assertThat(deep.getColumns().get(1).getWidth()).isEqualTo(flat.getColumns().get(1).getWidth());
  }
}
