package org.iommulab.ui.view.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Subjects;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MapQueryTest {

  private static final Selected NOTHING = new Selected.Nothing();

  private final Texts texts = new Texts(Locale.ENGLISH);
  private final MapModel model = new MapModel();
  private final MapQuery.Counted counted = new MapQuery.Counted();
  private final LabDouble lab = LabDouble.after(WorkedExample.setUp());

  @AfterEach
  void close() {
    lab.close();
  }

  private MapPicture show(Selected selected) {
    MapRequest request = model.request(Subjects.of(lab), selected);
    model.show(lab.ask(view -> MapQuery.answer(view, request, counted)));
    return model.pictureProperty().get();
  }

  private static String used(MapPicture picture) {
    return picture.cells().stream()
        .filter(cell -> cell.kind() != MapCell.Kind.FREE)
        .map(cell -> Integer.toHexString(cell.index()) + ":" + cell.kind())
        .collect(Collectors.joining(" "));
  }

  @Test
  void firstLookIsTheSmallestTableThatHoldsAllThatIsMapped() {
    MapPicture picture = show(NOTHING);
    assertThat(picture.trail()).hasSize(3);
    assertThat(picture.cells()).hasSize(512);
    assertThat(used(picture)).isEqualTo("1:TABLE 2:PAGE 3:TABLE");
    assertThat(model.figures().in(texts)).isEqualTo("2056 KiB mapped · one box is 2 MiB");
  }

  @Test
  void boxIsFilledAsFarAsItsBytesAreMapped() {
    MapPicture picture = show(NOTHING);
    assertThat(picture.cells().get(1).mapped()).isEqualTo(4096);
    assertThat(picture.cells().get(2).share()).isEqualTo(1.0);
    assertThat(picture.mappedHere()).isEqualTo(picture.mapped());
  }

  @Test
  void zoomGoesDownToPagesAndUpToTheWholeSpace() {
    show(NOTHING);
    assertThat(model.zoomIn(model.pictureProperty().get().cells().get(3))).isTrue();
    assertThat(used(show(NOTHING))).isEqualTo("0:PAGE");
    assertThat(model.zoomIn(model.pictureProperty().get().cells().getFirst())).isFalse();
    model.zoomTo(0);
    MapPicture whole = show(NOTHING);
    assertThat(used(whole)).isEqualTo("0:TABLE");
    assertThat(whole.cells().getFirst().span()).isEqualTo(1L << 39);
    assertThat(model.zoomOut()).isFalse();
    model.fit();
    assertThat(show(NOTHING).trail()).hasSize(3);
  }

  @Test
  void whatIsMappedIsCountedAnewWhenACommandChangedIt() {
    assertThat(show(NOTHING).mapped()).isEqualTo((2 << 20) + 2 * 4096);
    model.zoomTo(0);
    assertThat(show(NOTHING).mapped()).isEqualTo((2 << 20) + 2 * 4096);
    lab.run(WorkedExample.clearLargeLeaf());
    assertThat(show(NOTHING).mapped()).isEqualTo(2 * 4096);
  }

  @Test
  void addressIsGoneToAsFarAsTablesLead() {
    show(NOTHING);
    model.goTo(0x1_0060_0000L);
    assertThat(show(NOTHING).trail()).hasSize(4);
    model.goTo(0x5000_0000_0000L);
    assertThat(show(NOTHING).trail()).hasSize(1);
  }

  @Test
  void whatIsSelectedElsewhereIsMarked() {
    assertThat(show(new Selected.DomainAddress(0x21, WorkedExample.ADDRESS)).selected())
        .isEqualTo(2);
    var entry = new Selected.Entry(WorkedExample.LARGE_LEAF, SecondStageEntry.LEAF_2M, "PD [2]");
    assertThat(show(entry).selected()).isEqualTo(2);
    assertThat(show(new Selected.DomainAddress(0x99, 0)).selected()).isEqualTo(-1);
  }

  @Test
  void clearedEntryIsMarkedAsChanged() {
    lab.run(WorkedExample.clearLargeLeaf());
    MapCell cell = show(NOTHING).cells().get(2);
    assertThat(cell.kind()).isEqualTo(MapCell.Kind.FREE);
    assertThat(cell.changed()).isTrue();
    assertThat(MapModel.words(cell).in(texts))
        .isEqualTo("1_0040_0000 … 1_005F_FFFF · 2 MiB free · changed by the last command");
  }

  @Test
  void interruptWindowIsReservedWhereBoxesAreSmallEnoughToMeanIt() {
    show(NOTHING);
    lab.run(new Command.MemWrite(0x10A00_1018L, Bytes.ofQuadwords(0x1_0A00_2003L)));
    model.zoomTo(1);
    assertThat(show(NOTHING).cells())
        .filteredOn(cell -> cell.reserved() == MapCell.Reserved.MSI)
        .isEmpty();
    model.goTo(0xFEE0_0000L);
    assertThat(show(NOTHING).cells())
        .filteredOn(cell -> cell.reserved() == MapCell.Reserved.MSI)
        .extracting(MapCell::iova)
        .containsExactly(0xFEE0_0000L);
  }

  @Test
  void cellSelectsItsEntry() {
    MapPicture picture = show(NOTHING);
    assertThat(model.selects(picture.cells().get(2)))
        .hasValueSatisfying(
            selected ->
                assertThat(((Selected.Entry) selected).address())
                    .isEqualTo(WorkedExample.LARGE_LEAF));
  }

  @Test
  void textListsWhatIsNotFree() {
    show(NOTHING);
    assertThat(model.text().rows()).hasSize(3);
    assertThat(model.text().columns()).hasSameSizeAs(model.text().rows().getFirst());
  }

  @Test
  void emptyLaboratoryHasNoMap() {
    lab.run(new Command.StartMachine(java.util.Map.of()));
    assertThat(show(NOTHING))
        .isEqualTo(new MapPicture(List.of(), null, List.of(), List.of(), 0, -1));
  }
}
