package org.iommulab.lab.language;

import static org.iommulab.lab.language.Parts.address;
import static org.iommulab.lab.language.Parts.between;
import static org.iommulab.lab.language.Parts.betweenOr;
import static org.iommulab.lab.language.Parts.choiceOr;
import static org.iommulab.lab.language.Parts.device;
import static org.iommulab.lab.language.Parts.dmaData;
import static org.iommulab.lab.language.Parts.dmaLength;
import static org.iommulab.lab.language.Parts.flag;
import static org.iommulab.lab.language.Parts.flagUnless;
import static org.iommulab.lab.language.Parts.prefix;

import java.util.List;
import java.util.stream.Stream;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.bus.ats.InvalidationRequest;
import org.iommulab.bus.ats.PageRequestMessage;

/** What devices do with their translation caches and page requests. */
final class TranslationRows {

  private static final int MOST_PAGES = 4096;
  private static final Part<Pasid> PASID =
      Part.of(
          Field.of("pasid", Kind.NUMBER).between(0, Pasid.LARGEST),
          f -> new Pasid(f.between("pasid", 0, Pasid.LARGEST)),
          (pasid, to) -> to.put("pasid", pasid.value()));

  private TranslationRows() {}

  static List<Operation<?>> all() {
    return List.of(
        Operation.of(
                "ats.translate",
                DeviceCommand.Translate.class,
                "A device asks the unit to translate, and keeps what is granted.",
                device("rid"),
                address("iova", 4096),
                betweenOr("pages", 1, MOST_PAGES, 1),
                flag("nw").note("it will not write"),
                prefix())
            .answers("`st`, `entries`")
            .example("{'op':'ats.translate','rid':'00:03.0','iova':'0x1000'}"),
        Operation.of(
                "ats.read",
                DeviceCommand.AtsRead.class,
                "A device reads by way of its translation cache.",
                device("rid"),
                address("iova"),
                dmaLength(),
                prefix())
            .is(Trait.MOVES_DATA)
            .answers("`st`, `chunks`")
            .example("{'op':'ats.read','rid':'00:03.0','iova':'0x1000','len':16}"),
        Operation.of(
                "ats.write",
                DeviceCommand.AtsWrite.class,
                "A device writes by way of its translation cache.",
                device("rid"),
                address("iova"),
                dmaData(),
                prefix())
            .is(Trait.MOVES_DATA)
            .answers("`st`, `chunks`")
            .example("{'op':'ats.write','rid':'00:03.0','iova':'0x1000','data':'deadbeef'}"),
        translated(),
        Operation.of(
                "ats.manner",
                DeviceCommand.Answers.class,
                "How a device takes invalidations from now on.",
                device("rid"),
                manner())
            .example("{'op':'ats.manner','rid':'00:03.0','manner':'slow'}"),
        Operation.of(
                "ats.finish",
                DeviceCommand.Finish.class,
                "A device carries out and answers the invalidations it put off.",
                device("rid"))
            .answers("`finished`: how many")
            .example("{'op':'ats.finish','rid':'00:03.0'}"),
        Operation.of(
                "ats.complete",
                DeviceCommand.Complete.class,
                "A device completes an invalidation, asked for or not.",
                device("rid"),
                between("tag", 0, InvalidationRequest.TAGS - 1))
            .example("{'op':'ats.complete','rid':'00:03.0','tag':0}"),
        Operation.of(
                "pri.request",
                DeviceCommand.PageRequest.class,
                "A device asks for a page.",
                device("rid"),
                address("iova"),
                between("group", 0, PageRequestMessage.GROUPS - 1),
                choiceOr("access", "rw", "r", "w", "rw"),
                flagUnless("last"),
                prefix())
            .answers("`st`")
            .example("{'op':'pri.request','rid':'00:03.0','iova':'0x1000','group':0}"),
        Operation.of(
                "pri.stop",
                DeviceCommand.StopMarker.class,
                "A device marks the end of a PASID's page requests.",
                device("rid"),
                PASID)
            .answers("`st`")
            .example("{'op':'pri.stop','rid':'00:03.0','pasid':1}"),
        Operation.of(
                "pri.read",
                DeviceCommand.Responses.class,
                "Takes a device's page group responses.",
                device("rid"))
            .answers("`responses` since the last time")
            .example("{'op':'pri.read','rid':'00:03.0'}"));
  }

  private static Operation<DeviceCommand.Translated> translated() {
    Part<Bytes> data =
        new Part<>(
            List.of(dmaData().fields().getFirst().optional().note("what it writes")),
            Parts::dmaData,
            (v, to) -> {});
    Part<Integer> length =
        new Part<>(
            List.of(dmaLength().fields().getFirst().optional().note("what it reads")),
            Parts::dmaLength,
            (v, to) -> {});
    return Operation.of(
            "ats.translated",
            DeviceCommand.Translated.class,
            "A device sends a request that claims to be translated already.",
            device("rid"),
            address("addr"),
            data,
            length)
        .by(
            f -> {
              if (f.has("len") == f.has("data")) {
                throw new Complaint(
                    "ats.translated reads with \"len\" or writes with \"data\"",
                    "ats.translated 用 \"len\" 表示读，用 \"data\" 表示写，二者取一");
              }
              boolean reads = f.has("len");
              return new DeviceCommand.Translated(
                  f.text("rid"),
                  f.number("addr"),
                  reads ? null : Parts.dmaData(f),
                  reads ? Parts.dmaLength(f) : 0);
            },
            (c, to) -> {
              to.put("rid", c.rid());
              to.put("addr", Json.hex(c.addr()));
              Bytes written = c.data();
              to.put(written == null ? "len" : "data", written == null ? c.len() : written.hex());
            })
        .oneOf(List.of("len"), List.of("data"))
        .is(Trait.MOVES_DATA)
        .answers("`st`, `chunks`")
        .example("{'op':'ats.translated','rid':'00:03.0','addr':'0x1000','len':16}");
  }

  private static Part<DeviceTlb.Manner> manner() {
    List<String> words = Stream.of(DeviceTlb.Manner.values()).map(DeviceTlb.Manner::word).toList();
    return Part.of(
        Field.choice("manner", words.toArray()),
        f -> {
          String word = f.choice("manner", null, words);
          return Stream.of(DeviceTlb.Manner.values())
              .filter(manner -> manner.word().equals(word))
              .findFirst()
              .orElseThrow();
        },
        (v, to) -> to.put("manner", v.word()));
  }
}
