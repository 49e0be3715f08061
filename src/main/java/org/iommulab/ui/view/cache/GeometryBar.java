package org.iommulab.ui.view.cache;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javafx.collections.FXCollections;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Words;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.config.CacheGeometry.Policy;
import org.jspecify.annotations.Nullable;

/** Shape and policy of a cache, to be changed; the session then runs once more. */
final class GeometryBar extends FlowPane {

  private static final int MOST_SETS_LOG = 10;
  private static final int MOST_WAYS_LOG = 5;
  private static final int MOST_LIST = 1 << MOST_WAYS_LOG;

  private final ComboBox<Integer> sets = new ComboBox<>();
  private final ComboBox<Integer> ways = new ComboBox<>();
  private final ComboBox<Policy> policy;
  private final Button rerun;
  private @Nullable CacheGeometry shown;

  GeometryBar(Texts texts, Consumer<CacheGeometry> onRerun) {
    sets.setItems(FXCollections.observableArrayList(powers(MOST_SETS_LOG)));
    sets.getItems().addFirst(0);
    sets.setId("caches-sets");
    ways.setItems(FXCollections.observableArrayList(powers(MOST_WAYS_LOG)));
    ways.setId("caches-ways");
    policy =
        new Choice<>(
            "caches-policy",
            texts,
            "view.cache.policy.",
            List.of(
                Policy.LEAST_RECENTLY_USED,
                Policy.TREE_PSEUDO_LRU,
                Policy.FIRST_IN_FIRST_OUT,
                Policy.RANDOM,
                Policy.UNBOUNDED));
    rerun =
        Words.button(texts, "caches-rerun", "view.caches.rerun", () -> onRerun.accept(wanted()));
    getStyleClass().add("choice-bar");
    getChildren()
        .addAll(
            new HBox(6, Words.label(texts, "view.caches.sets", "muted"), sets),
            new HBox(6, Words.label(texts, "view.caches.ways", "muted"), ways),
            new HBox(6, Words.label(texts, "view.caches.policy", "muted"), policy),
            rerun);
    sets.valueProperty().addListener((_, _, _) -> able());
    ways.valueProperty().addListener((_, _, _) -> able());
    policy.valueProperty().addListener((_, _, _) -> able());
    able();
  }

  private static List<Integer> powers(int mostLog) {
    return IntStream.rangeClosed(0, mostLog).mapToObj(log -> 1 << log).toList();
  }

  /** Takes the shape that the cache has; null for one that has none. */
  void show(@Nullable CacheGeometry shape) {
    if (shape != null && !shape.equals(shown)) {
      add(sets, shape.sets());
      add(ways, shape.ways());
      sets.setValue(shape.sets());
      ways.setValue(Math.max(1, shape.ways()));
      policy.setValue(
          shape.policy() == Policy.EMPTY_WHEN_FULL ? Policy.LEAST_RECENTLY_USED : shape.policy());
    }
    shown = shape;
    able();
  }

  /** A unit may have a number of its own. */
  private static void add(ComboBox<Integer> choice, int value) {
    if (value > 0 && !choice.getItems().contains(value)) {
      choice.getItems().add(value);
    }
  }

  private void able() {
    boolean unbounded = policy.getValue() == Policy.UNBOUNDED;
    boolean none = sets.getValue() != null && sets.getValue() == 0;
    setDisable(shown == null);
    sets.setDisable(unbounded);
    ways.setDisable(unbounded || none);
    boolean possible =
        policy.getValue() != Policy.TREE_PSEUDO_LRU
            || ways.getValue() != null && ways.getValue() > 1 && ways.getValue() <= MOST_LIST;
    rerun.setDisable(!possible || wanted().equals(shown));
  }

  private CacheGeometry wanted() {
    Integer wantedSets = sets.getValue();
    Integer wantedWays = ways.getValue();
    Policy wantedPolicy = policy.getValue();
    if (wantedPolicy == Policy.UNBOUNDED) {
      return CacheGeometry.unbounded();
    }
    if (wantedSets == null || wantedWays == null || wantedPolicy == null || wantedSets == 0) {
      return CacheGeometry.none();
    }
    // Tree pseudo-LRU of one way is what any policy of one way is.
    Policy used =
        wantedPolicy == Policy.TREE_PSEUDO_LRU && Integer.bitCount(wantedWays) != 1
            ? Policy.LEAST_RECENTLY_USED
            : wantedPolicy;
    return new CacheGeometry(wantedSets, wantedWays, used);
  }
}
