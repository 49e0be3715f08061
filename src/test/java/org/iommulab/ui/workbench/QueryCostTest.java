package org.iommulab.ui.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javafx.scene.Node;
import javafx.scene.layout.Region;
import javafx.stage.Stage;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.language.Command;
import org.iommulab.testing.Allocated;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.view.part.LabPane;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** What panes ask costs what they show, however much the latest command changed. */
@OnScreen
class QueryCostTest {

  private static final long PAGES = 2_000_000;

  /** As much as the addresses of all that changed, nothing around them. */
  private static final long MOST_BYTES = 8 * PAGES;

  private LabWindow window;

  @Start
  void start(Stage stage) {
    window = LabWindow.open(stage);
  }

  /** As much as what the map says of the entries of one table, far below a count of all. */
  private static final long ONE_TABLE = 512 * 1024;

  private void mapPages() {
    window.script(
        "{\"op\":\"machine\",\"board\":\"laboratory\",\"cap\":\"0x8d20780106f0466\"}",
        "{\"op\":\"linux.boot\",\"cmdline\":\"intel_iommu=on iommu.strict=1\"}",
        "{\"op\":\"call\",\"fn\":\"iommu_map\",\"args\":{\"domain\":\"nic\",\"iova\":"
            + (1L << 36)
            + ",\"paddr\":"
            + (1L << 37)
            + ",\"size\":"
            + PAGES * 4096
            + ",\"prot\":3}}");
  }

  @Test
  void goingFromTableToTableCountsNothingAnewAndStylesNoBox() {
    mapPages();
    window.show("map");
    var styled = new AtomicInteger();
    LabWindow.read(
        () -> {
          for (Node box : window.scene().getRoot().lookupAll(".map-cell")) {
            ((Region) box).backgroundProperty().addListener((_, _, _) -> styled.incrementAndGet());
          }
          return true;
        });
    Map<String, Long> asked = new TreeMap<>();
    for (String way : List.of("#map-out", "#map-fit")) {
      long before = allocated();
      window.click(way);
      asked.put(way, allocated() - before);
    }
    assertThat(asked.values()).allMatch(bytes -> bytes > 0 && bytes < ONE_TABLE);
    assertThat(styled).hasValue(0);
  }

  @Test
  void noPaneCopiesWhatACommandChanged() {
    mapPages();
    Map<String, Long> dear = new TreeMap<>();
    for (LabPane pane : window.get(Workbench.class).panes()) {
      window.show("journal");
      long before = allocated();
      window.show(pane.id());
      dear.put(pane.id(), allocated() - before);
    }
    long before = allocated();
    window.get(LabSession.class).submit(new Command.DmaRead("nic", 1L << 36, 4)).join();
    window.settle();
    dear.put("a request", allocated() - before);
    dear.values().removeIf(bytes -> bytes < MOST_BYTES);
    assertThat(dear).isEmpty();
  }

  /** Bytes that the laboratory's thread has allocated so far. */
  private long allocated() {
    return window.get(LabSession.class).ask(_ -> Allocated.here()).join();
  }
}
