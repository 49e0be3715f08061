package org.iommulab.ui.view.part;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Skin;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.ContextMenuEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.util.Callback;
import org.controlsfx.control.tableview2.TableView2;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Texts;
import org.jspecify.annotations.Nullable;

/**
 * A table of immutable rows with one row height, stable row and cell ids, and rows that go to the
 * clipboard as text. Rows that are an {@link OutlineRow} open and close by arrow, click and key.
 *
 * @param <R> the rows
 */
public final class RowTable<R> extends TableView2<R> {

  private static final PseudoClass CHANGED = PseudoClass.getPseudoClass("changed");
  private static final PseudoClass FAINT = PseudoClass.getPseudoClass("faint");
  private static final PseudoClass MEANT = PseudoClass.getPseudoClass("meant");
  private static final KeyCombination COPY =
      new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);

  /** Room for a scroll bar at the right, in pixels. */
  private static final double SCROLL_BAR = 16;

  /** Rows whose words decide how wide a column is; more would cost more than they tell. */
  private static final int MEASURED = 300;

  private final String name;
  private final String headings;
  private final Texts texts;
  private final Map<String, Function<R, Figure>> figures = new LinkedHashMap<>();
  private Function<R, String> rowId = row -> "";
  private Function<R, Boolean> changed = row -> false;
  private Function<R, Boolean> faint = row -> false;
  private Function<R, Boolean> meant = row -> false;
  private Function<R, Phrase> spoken = row -> Phrase.NONE;
  private final ColumnFit fit = new ColumnFit();
  private final ListChangeListener<R> rowsChanged = _ -> rowsChanged();
  private @Nullable Consumer<R> toggle;
  private @Nullable TableColumn<R, ?> outline;
  private final InSight sight = new InSight(this, this::scrollTo);
  private boolean quiet;
  private boolean fitted;
  private double fittedFor;
  private ObservableList<R> watched = getItems();

  /**
   * An empty table.
   *
   * @param name start of all its ids; the table itself is {@code <name>-table}
   * @param texts the language in use
   */
  public RowTable(String name, Texts texts) {
    this(name, name, texts);
  }

  /**
   * An empty table whose headings are shared with others.
   *
   * @param name start of all its ids
   * @param headings the headings' keys are {@code view.<headings>.column.<column>}
   */
  public RowTable(String name, String headings, Texts texts) {
    this.name = name;
    this.headings = headings;
    this.texts = texts;
    setId(name + "-table");
    getStyleClass().add("row-table");
    // The control binds its own rows, which know of fixed columns; ours are those, with more to
    // say.
    skinProperty().addListener((_, _, skin) -> dressRows(skin));
    setColumnResizePolicy(TableView.UNCONSTRAINED_RESIZE_POLICY);
    setPlaceholder(new Label());
    getSelectionModel().setSelectionMode(javafx.scene.control.SelectionMode.MULTIPLE);
    addEventFilter(KeyEvent.KEY_PRESSED, this::keyPressed);
    addEventFilter(ContextMenuEvent.CONTEXT_MENU_REQUESTED, _ -> menuWanted());
    texts
        .localeProperty()
        .addListener(
            (_, _, _) -> {
              refresh();
              fitLater();
            });
    watched.addListener(rowsChanged);
    // Not for changes of the value: two empty lists are equal and yet not the same.
    itemsProperty().addListener((javafx.beans.Observable _) -> watch(getItems()));
    fit.probes().forEach(probe -> probe.fontProperty().addListener((_, _, _) -> fitLater()));
  }

  /** A menu has a scene of its own: made when first asked for. */
  private void menuWanted() {
    if (getContextMenu() == null) {
      setContextMenu(
          new ContextMenu(
              item("copy", () -> copy(text(getSelectionModel().getSelectedItems()).toTabs())),
              item("copy-all", () -> copy(text().toCsv()))));
    }
  }

  private void watch(ObservableList<R> rows) {
    if (rows != watched) {
      watched.removeListener(rowsChanged);
      watched = rows;
      watched.addListener(rowsChanged);
      rowsChanged();
    }
  }

  private void fitLater() {
    fitted = false;
    requestLayout();
  }

  /** New rows lay the rows out anew, not the table: it must look at once. */
  private void rowsChanged() {
    if (getScene() != null && getChildren().containsAll(fit.probes())) {
      fitColumns();
    } else {
      fitLater();
    }
  }

  /** Columns are as wide as their words, unless a person made them something else. */
  @Override
  protected void layoutChildren() {
    if (!getChildren().containsAll(fit.probes())) {
      getChildren().addAll(fit.probes());
      fit.probes().forEach(Label::applyCss);
    }
    if (!fitted || fit.isOutgrown() || getWidth() != fittedFor) {
      fitted = true;
      fitColumns();
    }
    super.layoutChildren();
    sight.laidOut();
  }

  private void fitColumns() {
    List<R> measured = getItems().subList(0, Math.min(MEASURED, getItems().size()));
    var shown = new LinkedHashMap<TableColumn<R, ?>, Function<R, Figure>>();
    for (TableColumn<R, ?> column : getVisibleLeafColumns()) {
      Function<R, Figure> figure = figures.get(column.getUserData());
      if (figure != null) {
        shown.put(column, figure);
      }
    }
    fittedFor = getWidth();
    fit.fit(shown, texts, measured, outline, fittedFor - SCROLL_BAR);
  }

  /** Adds a column; {@code id} ends the ids of its cells and its title's key. */
  public RowTable<R> column(String id, double width, Function<R, Figure> figure) {
    TableColumn<R, R> column = newColumn(id, width, figure);
    column.setCellFactory(_ -> new FigureCell<>(name, id, texts, figure, this::idOf, null));
    return this;
  }

  /** Adds the column that shows indentation and arrows; rows must be {@link OutlineRow}s. */
  public RowTable<R> outline(
      String id, double width, Function<R, Figure> figure, Consumer<R> onToggle) {
    toggle = onToggle;
    TableColumn<R, R> column = newColumn(id, width, figure);
    outline = column;
    column.setCellFactory(_ -> new FigureCell<>(name, id, texts, figure, this::idOf, onToggle));
    return this;
  }

  private TableColumn<R, R> newColumn(String id, double width, Function<R, Figure> figure) {
    var column = new TableColumn<R, R>();
    column.setId(Ids.of(name + "-column-" + id));
    column.textProperty().bind(texts.observe("view." + headings + ".column." + id));
    column.setUserData(id);
    fit.prefer(column, width);
    column.setMinWidth(24);
    column.setSortable(false);
    column.setReorderable(false);
    column.setCellValueFactory(data -> new ReadOnlyObjectWrapper<>(data.getValue()));
    figures.put(id, figure);
    getColumns().add(column);
    return column;
  }

  /** Keeps the first columns in sight when a person scrolls to the right. */
  public RowTable<R> keepsInSight(int columns) {
    getFixedColumns().setAll(getColumns().subList(0, columns));
    return this;
  }

  /** Brings a row into sight, with some rows before it if there is room. */
  public void bring(int index, int rowsBefore) {
    sight.bring(index, rowsBefore);
  }

  /** Lets a person sort by a column. */
  public RowTable<R> sortedBy(String id, Comparator<R> order) {
    for (TableColumn<R, ?> column : getColumns()) {
      if (id.equals(column.getUserData())) {
        @SuppressWarnings("unchecked") // every column's value is the row itself
        var own = (TableColumn<R, R>) column;
        own.setSortable(true);
        own.setComparator(order);
      }
    }
    return this;
  }

  /** How the end of a row's id is made, such as its address. */
  public RowTable<R> rowIds(Function<R, String> id) {
    rowId = id;
    return this;
  }

  /** Which rows the last command changed. */
  public RowTable<R> changedWhen(Function<R, Boolean> when) {
    changed = when;
    return this;
  }

  /** Which rows are there for completeness only. */
  public RowTable<R> faintWhen(Function<R, Boolean> when) {
    faint = when;
    return this;
  }

  /** Which rows are about the device that all panes show. */
  public RowTable<R> meantWhen(Function<R, Boolean> when) {
    meant = when;
    return this;
  }

  /** What is done when a person chooses a row. */
  public RowTable<R> whenChosen(Consumer<R> work) {
    getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (_, _, row) -> {
              if (row != null && !quiet) {
                work.accept(row);
              }
            });
    return this;
  }

  /** Changes rows, or which of them is selected, without anybody having chosen one. */
  public void quietly(Runnable change) {
    boolean before = quiet;
    quiet = true;
    try {
      change.run();
    } finally {
      quiet = before;
    }
  }

  /** What a screen reader says of a row. */
  public RowTable<R> spokenAs(Function<R, Phrase> words) {
    spoken = words;
    return this;
  }

  /** Makes the table itself as wide as its columns, for tables beside others. */
  public void beAsWideAsColumns() {
    var sum =
        Bindings.createDoubleBinding(
            () ->
                getVisibleLeafColumns().stream().mapToDouble(TableColumn::getPrefWidth).sum()
                    + SCROLL_BAR,
            Stream.concat(
                    Stream.of(getVisibleLeafColumns()),
                    getColumns().stream().map(TableColumn::prefWidthProperty))
                .toArray(javafx.beans.Observable[]::new));
    prefWidthProperty().bind(sum);
    minWidthProperty().bind(sum);
  }

  /** The words shown while there are no rows. */
  public RowTable<R> emptyText(String key) {
    setPlaceholder(new EmptyNote(texts, key));
    return this;
  }

  /** All rows as text. */
  public TextTable text() {
    return text(getItems());
  }

  private TextTable text(List<R> rows) {
    var headings = new ArrayList<String>();
    getColumns().forEach(column -> headings.add(column.getText()));
    return new TextTable(headings, rows.stream().map(this::cells).toList());
  }

  private List<String> cells(R row) {
    var cells = new ArrayList<String>();
    for (Function<R, Figure> figure : figures.values()) {
      cells.add(FigureCell.plainText(figure.apply(row), texts));
    }
    return cells;
  }

  private void keyPressed(KeyEvent event) {
    if (COPY.match(event)) {
      copy(text(getSelectionModel().getSelectedItems()).toTabs());
      event.consume();
    } else if (toggle != null && togglesBy(event.getCode())) {
      toggle.accept(getSelectionModel().getSelectedItem());
      event.consume();
    }
  }

  private MenuItem item(String action, Runnable work) {
    var item = new MenuItem();
    item.setId(name + "-" + action);
    item.textProperty().bind(texts.observe("view." + action));
    item.setOnAction(_ -> work.run());
    return item;
  }

  private static void copy(String text) {
    var content = new ClipboardContent();
    content.putString(text);
    Clipboard.getSystemClipboard().setContent(content);
  }

  private boolean togglesBy(KeyCode key) {
    if (!(getSelectionModel().getSelectedItem() instanceof OutlineRow row)) {
      return false;
    }
    return switch (key) {
      case RIGHT -> row.branch() == OutlineRow.Branch.CLOSED;
      case LEFT -> row.branch() == OutlineRow.Branch.OPEN;
      case SPACE, ENTER -> row.branch() != OutlineRow.Branch.NONE;
      default -> false;
    };
  }

  private String idOf(R row) {
    return rowId.apply(row);
  }

  private void dressRows(@Nullable Skin<?> skin) {
    Callback<TableView<R>, TableRow<R>> own = getRowFactory();
    if (skin != null && rowFactoryProperty().isBound()) {
      rowFactoryProperty().unbind();
      setRowFactory(
          view -> {
            TableRow<R> row = own.call(view);
            row.itemProperty().subscribe(item -> dress(row, item));
            return row;
          });
    }
  }

  private void dress(TableRow<R> line, @Nullable R row) {
    line.setId(row == null ? null : Ids.of(name + "-row-" + idOf(row)));
    line.pseudoClassStateChanged(CHANGED, row != null && changed.apply(row));
    line.pseudoClassStateChanged(FAINT, row != null && faint.apply(row));
    line.pseudoClassStateChanged(MEANT, row != null && meant.apply(row));
    line.setAccessibleText(row == null ? null : spokenText(row));
  }

  private String spokenText(R row) {
    Phrase own = spoken.apply(row);
    return own.isEmpty() ? String.join(", ", cells(row)) : own.in(texts);
  }
}
