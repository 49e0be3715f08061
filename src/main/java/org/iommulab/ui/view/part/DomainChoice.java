package org.iommulab.ui.view.part;

import java.util.List;
import java.util.function.Consumer;
import javafx.collections.FXCollections;
import javafx.scene.control.Labeled;
import javafx.scene.layout.Region;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import javafx.util.StringConverter;
import org.controlsfx.control.SearchableComboBox;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.vtd.tables.TableKey;
import org.jspecify.annotations.Nullable;

/** Chooses one of the address spaces in use. */
public final class DomainChoice extends SearchableComboBox<DomainTree> {

  /** Room for a name at least, and for the gaps beside it, in em. */
  private static final double LEAST = 7;

  private static final double BESIDE = 1.4;

  /** Room for the arrow, in pixels: it does not grow with the letters. */
  private static final double ARROW = 28;

  private final Texts texts;
  private boolean showing;

  /** A choice that tells what a person chose; {@link #show} tells nobody. */
  public DomainChoice(String id, Texts texts, Consumer<DomainTree> onChosen) {
    this.texts = texts;
    setId(id);
    getStyleClass().add("small-choice");
    setMinWidth(Region.USE_PREF_SIZE);
    accessibleTextProperty().bind(texts.observe("view.tree.domain"));
    setConverter(new Name());
    texts.localeProperty().addListener((_, _, _) -> say());
    valueProperty()
        .addListener(
            (_, _, use) -> {
              if (!showing && use != null) {
                onChosen.accept(use);
              }
            });
  }

  /** As wide as its longest name: what it is made of would like more than it needs. */
  @Override
  protected double computePrefWidth(double height) {
    Font font = lookup(".list-cell") instanceof Labeled cell ? cell.getFont() : Font.getDefault();
    var measure = new Text();
    measure.setFont(font);
    double widest = LEAST * font.getSize();
    for (DomainTree use : getItems()) {
      measure.setText(name(use));
      widest = Math.max(widest, measure.getLayoutBounds().getWidth());
    }
    return snapSizeX(widest + BESIDE * font.getSize() + ARROW);
  }

  /** Offers these, with one of them in front. */
  public void show(List<DomainTree> choices, @Nullable DomainTree chosen) {
    showing = true;
    if (!getItems().equals(choices)) {
      // A list of its own: the box that filters looks values up while a list changes under it.
      setValue(null);
      setItems(FXCollections.observableArrayList(choices));
    }
    setValue(chosen);
    setDisable(choices.isEmpty());
    showing = false;
  }

  /** The name of the chosen one is made when it is set. */
  private void say() {
    DomainTree chosen = getValue();
    showing = true;
    setValue(null);
    setValue(chosen);
    showing = false;
  }

  private final class Name extends StringConverter<DomainTree> {
    @Override
    public String toString(@Nullable DomainTree use) {
      return use == null ? "" : name(use);
    }

    @Override
    public @Nullable DomainTree fromString(String text) {
      return null;
    }
  }

  private String name(DomainTree use) {
    String first = use.users().isEmpty() ? "" : use.users().getFirst().toString();
    String more = use.users().size() > 1 ? " +" + (use.users().size() - 1) : "";
    String key =
        use.key().stage() == TableKey.Stage.FIRST ? "view.tree.use.first" : "view.tree.use";
    return texts.get(key, Hex.plain(use.domain(), 2), first + more);
  }
}
