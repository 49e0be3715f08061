package org.iommulab.ui.view.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import javafx.scene.Scene;
import javafx.scene.layout.HBox;
import javafx.stage.Stage;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.Texts;
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

  @Start
  void start(Stage stage) {
    flat = table();
    deep = table();
    scene = new Scene(new HBox(flat, deep), 800, 300);
    stage.setScene(scene);
    stage.show();
  }

  private static RowTable<Row> table() {
    return new RowTable<Row>("tree", new Texts(Locale.ENGLISH))
        .outline("entry", 40, row -> Figure.of(row.key()), row -> {})
        .column("target", 40, row -> Figure.of("frame 17FFFF"));
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
