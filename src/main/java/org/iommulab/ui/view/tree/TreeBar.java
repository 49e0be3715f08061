package org.iommulab.ui.view.tree;

import java.util.ArrayList;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import javafx.css.PseudoClass;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.iommulab.bus.SourceId;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.part.Crumbs;
import org.iommulab.ui.view.part.DomainChoice;
import org.iommulab.vtd.tables.TableRow;

/** The line above the tree: which domain, the way to the selected entry, go to an address. */
final class TreeBar extends HBox {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  private final TreeModel model;
  private final Texts texts;
  private final Consumer<TreeRow> onCrumb;
  private final Consumer<SourceId> onDevice;
  private final DomainChoice domains;
  private final Crumbs crumbs = new Crumbs("tree-crumbs");
  private final TextField address = new TextField();

  TreeBar(
      TreeModel model,
      Texts texts,
      Consumer<DomainTree> onDomain,
      LongConsumer onAddress,
      Consumer<TreeRow> onCrumb,
      Consumer<SourceId> onDevice) {
    this.model = model;
    this.texts = texts;
    this.onCrumb = onCrumb;
    this.onDevice = onDevice;
    getStyleClass().add("view-bar");
    domains = new DomainChoice("tree-domain", texts, onDomain);
    buildAddress(onAddress);
    Region way = crumbs.endFirst();
    HBox.setHgrow(way, Priority.ALWAYS);
    getChildren().addAll(domains, way, address);
    model.pictureProperty().addListener((_, _, picture) -> show(picture));
    model.selectedProperty().addListener((_, _, _) -> showCrumbs());
    texts.localeProperty().addListener((_, _, _) -> show(model.pictureProperty().get()));
    show(model.pictureProperty().get());
  }

  private void buildAddress(LongConsumer onAddress) {
    address.setId("tree-goto");
    address.getStyleClass().addAll("small-field", "mono");
    address.promptTextProperty().bind(texts.observe("view.tree.goto"));
    address.accessibleTextProperty().bind(texts.observe("view.tree.goto"));
    address.setPrefColumnCount(14);
    address.setMinWidth(Region.USE_PREF_SIZE);
    address.textProperty().addListener((_, _, _) -> address.pseudoClassStateChanged(WRONG, false));
    address.setOnAction(
        _ -> {
          OptionalLong iova = TreeModel.readAddress(address.getText());
          address.pseudoClassStateChanged(WRONG, iova.isEmpty());
          iova.ifPresent(onAddress);
        });
  }

  private void show(TreePicture picture) {
    domains.show(picture.choices(), picture.chosen());
    address.setDisable(picture.chosen() == null);
    showCrumbs();
  }

  private void showCrumbs() {
    DomainTree use = model.pictureProperty().get().chosen();
    var way = new ArrayList<Crumbs.Crumb>();
    if (use != null && !use.users().isEmpty()) {
      SourceId first = use.users().getFirst();
      Runnable show = () -> onDevice.accept(first);
      String root = texts.get("view.tree.crumb.root", Hex.plain(first.bus(), 2));
      String context = texts.get("view.tree.crumb.context", Hex.plain(first.devfn(), 2));
      way.add(new Crumbs.Crumb("tree-crumb-root", root, show));
      way.add(new Crumbs.Crumb("tree-crumb-context", context, show));
    }
    for (TreeRow row : TreePane.trail(model.rows(), model.selectedProperty().get())) {
      TableRow entry = row.entry();
      if (use != null && entry != null) {
        way.add(
            new Crumbs.Crumb(
                "tree-crumb-" + row.key(),
                row.table() + "[" + Hex.plain(entry.index()) + "]",
                () -> onCrumb.accept(row)));
      }
    }
    crumbs.show(way);
  }
}
