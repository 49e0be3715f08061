package org.iommulab.ui.view.tree;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import javafx.css.PseudoClass;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.iommulab.bus.SourceId;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.part.DomainChoice;
import org.iommulab.ui.view.part.EndFirst;
import org.iommulab.vtd.tables.TableRow;

/** The line above the tree: which domain, the way to the selected entry, go to an address. */
final class TreeBar extends HBox {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  private final TreeModel model;
  private final Texts texts;
  private final Consumer<TreeRow> onCrumb;
  private final DomainChoice domains;
  private final HBox crumbs = new HBox();
  private final TextField address = new TextField();

  TreeBar(
      TreeModel model,
      Texts texts,
      Consumer<DomainTree> onDomain,
      LongConsumer onAddress,
      Consumer<TreeRow> onCrumb) {
    this.model = model;
    this.texts = texts;
    this.onCrumb = onCrumb;
    getStyleClass().add("view-bar");
    domains = new DomainChoice("tree-domain", texts, onDomain);
    buildAddress(onAddress);
    crumbs.setId("tree-crumbs");
    crumbs.getStyleClass().addAll("crumbs", "mono");
    var way = new EndFirst(crumbs);
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
    crumbs.getChildren().clear();
    DomainTree use = model.pictureProperty().get().chosen();
    if (use == null) {
      return;
    }
    if (!use.users().isEmpty()) {
      SourceId first = use.users().getFirst();
      add(new Label(texts.get("view.tree.crumb.root", Hex.plain(first.bus(), 2))));
      add(new Label(texts.get("view.tree.crumb.context", Hex.plain(first.devfn(), 2))));
    }
    List<TreeRow> trail = TreePane.trail(model.rows(), model.selectedProperty().get());
    for (TreeRow row : trail) {
      TableRow entry = row.entry();
      if (entry != null) {
        var link = new Hyperlink(row.table() + "[" + Hex.plain(entry.index()) + "]");
        link.setId(Ids.of("tree-crumb-" + row.key()));
        link.setOnAction(_ -> onCrumb.accept(row));
        if (row.equals(trail.getLast())) {
          link.getStyleClass().add("crumb-last");
        }
        add(link);
      }
    }
  }

  private void add(Labeled crumb) {
    if (!crumbs.getChildren().isEmpty()) {
      var between = new Label("›");
      between.getStyleClass().add("crumb-between");
      between.setMinWidth(Region.USE_PREF_SIZE);
      crumbs.getChildren().add(between);
    }
    crumb.getStyleClass().add("crumb");
    crumb.setMinWidth(Region.USE_PREF_SIZE);
    crumbs.getChildren().add(crumb);
  }
}
