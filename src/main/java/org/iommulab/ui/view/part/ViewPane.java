package org.iommulab.ui.view.part;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.layout.Region;
import org.iommulab.lab.LabView;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Texts;
import org.jspecify.annotations.Nullable;

/** What all panes of this package do alike: ids, title, header figures, building late. */
public abstract class ViewPane implements LabPane {

  private final String id;
  private final Place place;
  private final int order;
  private final Texts texts;
  private final ReadOnlyStringWrapper figures = new ReadOnlyStringWrapper("");
  private final ObservableList<Badge> badges = FXCollections.observableArrayList();
  private Phrase figuresPhrase = Phrase.NONE;
  private List<Mark> marks = List.of();
  private @Nullable Parent content;

  /** A pane; its title's key is {@code view.<id>.title}. */
  protected ViewPane(String id, Place place, int order, Texts texts) {
    this.id = id;
    this.place = place;
    this.order = order;
    this.texts = texts;
    texts.localeProperty().addListener((_, _, _) -> say());
  }

  /** Builds the content; called once. */
  protected abstract Parent build();

  /** The language in use. */
  protected final Texts texts() {
    return texts;
  }

  /** Sets the figures of the header line. */
  protected final void setFigures(Phrase phrase) {
    figuresPhrase = phrase;
    say();
  }

  /** Sets the tags of the header line. */
  protected final void setMarks(List<Mark> newMarks) {
    marks = List.copyOf(newMarks);
    say();
  }

  /** Keeps this pane up to date; a hidden one says nothing of a state that is no more. */
  protected final <T> Feed<T> feed(
      LabModel lab, Supplier<Function<LabView, T>> question, Consumer<T> sink) {
    var feed = new Feed<T>(lab, question, sink);
    feed.whenOutdated(this::saysNothing);
    return feed;
  }

  private void saysNothing() {
    figuresPhrase = Phrase.NONE;
    marks = List.of();
    say();
  }

  private void say() {
    figures.set(figuresPhrase.in(texts));
    badges.setAll(marks.stream().map(mark -> new Badge(mark.in(texts), mark.role())).toList());
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final String titleKey() {
    return "view." + id + ".title";
  }

  @Override
  public final Place place() {
    return place;
  }

  @Override
  public final int order() {
    return order;
  }

  @Override
  public final Node node() {
    Parent built = content;
    if (built == null) {
      built = build();
      if (built instanceof Region region) {
        region.setMinHeight(0);
      }
      built.getStyleClass().add("view");
      content = built;
    }
    return built;
  }

  @Override
  public final ObservableValue<String> figures() {
    return figures.getReadOnlyProperty();
  }

  @Override
  public final ObservableList<Badge> badges() {
    return badges;
  }
}
