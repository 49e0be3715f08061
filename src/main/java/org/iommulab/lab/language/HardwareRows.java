package org.iommulab.lab.language;

import static org.iommulab.lab.language.Parts.address;
import static org.iommulab.lab.language.Parts.between;
import static org.iommulab.lab.language.Parts.count;
import static org.iommulab.lab.language.Parts.device;
import static org.iommulab.lab.language.Parts.dmaData;
import static org.iommulab.lab.language.Parts.dmaLength;
import static org.iommulab.lab.language.Parts.prefix;
import static org.iommulab.lab.language.Parts.rest;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the processor and plain devices do. */
final class HardwareRows {

  private static final int REGISTER_BYTES = 0x1000;
  private static final int MOST_QUADWORDS = 65536;

  private HardwareRows() {}

  /** Which keys a machine has is the machine's business: it complains when it is built. */
  static final Operation<Command.StartMachine> MACHINE =
      Operation.of(
              "machine",
              Command.StartMachine.class,
              "A fresh machine at power-on.",
              rest(MachineFields.MACHINE))
          .answers("`ver`, `cap`, `ecap`, `impl`")
          .example("{'op':'machine'}");

  static List<Operation<?>> all() {
    return List.of(
        memWrite(),
        memFill(),
        Operation.of(
                "mem.read",
                Command.MemRead.class,
                "The processor loads quadwords.",
                address("addr", 8),
                between("count", 1, MOST_QUADWORDS))
            .answers("`u64`")
            .example("{'op':'mem.read','addr':'0x1000','count':8}"),
        Operation.of(
                "mem.flush",
                Command.MemFlush.class,
                "The processor writes the cache lines of a range back to memory.",
                address("addr"),
                count("len").in("bytes"))
            .example("{'op':'mem.flush','addr':'0x1000','len':64}"),
        regWrite(),
        regRead(),
        Operation.of(
                "dma.write",
                Command.DmaWrite.class,
                "A device writes.",
                device("rid"),
                address("iova"),
                dmaData(),
                prefix())
            .is(Trait.MOVES_DATA)
            .answers("`st`, `chunks`")
            .example("{'op':'dma.write','rid':'00:03.0','iova':'0x1000','data':'deadbeef'}"),
        Operation.of(
                "dma.read",
                Command.DmaRead.class,
                "A device reads.",
                device("rid"),
                address("iova"),
                dmaLength(),
                prefix())
            .is(Trait.MOVES_DATA)
            .answers("`st`, `chunks`")
            .example("{'op':'dma.read','rid':'00:03.0','iova':'0x1000','len':16}"),
        Operation.of(
                "msi",
                Command.Msi.class,
                "A device sends a message-signalled interrupt.",
                device("rid"),
                address("addr", 4),
                between("data", 0, 0xFFFF))
            .example("{'op':'msi','rid':'00:03.0','addr':'0xfee00000','data':'0x41'}"),
        Operation.of(
                "irq.read",
                Command.IrqRead.class,
                "Takes the interrupts delivered since the last time.")
            .answers("`irqs`: interrupts since the last time")
            .example("{'op':'irq.read'}"),
        Operation.of("reset", Command.Reset.class, "Resets units and devices; memory stays.")
            .example("{'op':'reset'}"));
  }

  // ---- memory -----------------------------------------------------------------------------------

  private static Operation<Command.MemWrite> memWrite() {
    Part<Bytes> data =
        new Part<>(
            List.of(
                Field.of("u64", Kind.NUMBERS)
                    .optional()
                    .note("a list, and `addr` is a multiple of 8"),
                Field.of("hex", Kind.BYTES).optional()),
            Parts::data,
            (v, to) -> {});
    return Operation.of(
            "mem.write",
            Command.MemWrite.class,
            "The processor stores bytes.",
            address("addr"),
            data)
        .by(
            f -> {
              long addr = f.has("u64") ? f.multiple("addr", 8) : f.number("addr");
              return new Command.MemWrite(addr, Parts.data(f));
            },
            (c, to) -> {
              to.put("addr", Json.hex(c.addr()));
              Parts.data(to, c.data(), c.addr() % 8 == 0);
            })
        .oneOf(List.of("u64"), List.of("hex"))
        .example("{'op':'mem.write','addr':'0x1000','u64':['0x0']}");
  }

  private static Operation<Command.MemFill> memFill() {
    Part<@Nullable Long> pattern =
        Part.of(
            Field.of("pattern", Kind.NUMBER)
                .orOneOf("addr")
                .note("`\"addr\"` for 0xC0DE000000000000 \\| address"),
            f -> f.word("pattern").equals("addr") ? null : (Long) f.number("pattern"),
            (v, to) -> to.put("pattern", v == null ? "addr" : Json.hex(v)));
    return Operation.of(
            "mem.fill",
            Command.MemFill.class,
            "The processor fills memory.",
            address("addr", 8),
            multiple("len"),
            pattern)
        .example("{'op':'mem.fill','addr':'0x1000','len':4096,'pattern':'addr'}");
  }

  private static Part<Long> multiple(String name) {
    return Part.of(
            Field.of(name, Kind.NUMBER).multipleOf(8),
            f -> f.multiple(name, 8),
            (v, to) -> to.put(name, v))
        .in("bytes");
  }

  // ---- registers --------------------------------------------------------------------------------

  private static final Part<Integer> OFFSET =
      Part.of(
          Field.of("off", Kind.NUMBER).between(0, REGISTER_BYTES - 4).note("a multiple of `size`"),
          f -> 0,
          (v, to) -> {});

  private static final Part<Integer> SIZE =
      Part.of(Field.choice("size", 4L, 8L), HardwareRows::size, (v, to) -> {});

  /** Which unit; only the machine knows how many there are. */
  private static final Part<Integer> UNIT =
      Part.of(
          Field.of("unit", Kind.NUMBER).between(0, 255).optional().note("its number"),
          HardwareRows::unit,
          (v, to) -> Parts.optional(to, "unit", v == 0 ? null : v));

  private static int unit(Fields f) throws Complaint {
    return f.has("unit") ? f.between("unit", 0, 255) : 0;
  }

  private static Operation<Command.RegWrite> regWrite() {
    return Operation.of(
            "reg.write",
            Command.RegWrite.class,
            "The processor writes a register of the unit.",
            OFFSET,
            SIZE,
            address("value"),
            UNIT)
        .by(
            f -> {
              int size = size(f);
              int off = offset(f, size);
              long value = f.number("value");
              if (size == 4 && value >>> 32 != 0) {
                throw new Complaint(
                    "value %s does not fit into 4 bytes", "值 %s 放不进 4 个字节", Json.hex(value));
              }
              return new Command.RegWrite(off, size, value, unit(f));
            },
            (c, to) -> {
              register(to, c.off(), c.size());
              to.put("value", Json.hex(c.value()));
              UNIT.writer().write(c.unit(), to);
            })
        .example("{'op':'reg.write','off':'0x18','size':4,'value':'0x0'}");
  }

  private static Operation<Command.RegRead> regRead() {
    return Operation.of(
            "reg.read",
            Command.RegRead.class,
            "The processor reads a register of the unit.",
            OFFSET,
            SIZE,
            UNIT)
        .by(
            f -> {
              int size = size(f);
              return new Command.RegRead(offset(f, size), size, unit(f));
            },
            (c, to) -> {
              register(to, c.off(), c.size());
              UNIT.writer().write(c.unit(), to);
            })
        .answers("`value`")
        .example("{'op':'reg.read','off':'0x8','size':8}");
  }

  private static void register(Map<String, @Nullable Object> to, int off, int size) {
    to.put("off", Json.hex(off));
    to.put("size", size);
  }

  private static int size(Fields f) throws Complaint {
    int size = f.between("size", 4, 8);
    if (size != 4 && size != 8) {
      throw new Complaint(
          "registers are accessed with 4 or 8 bytes, not %d", "寄存器按 4 或 8 字节访问，而不是 %d 字节", size);
    }
    return size;
  }

  private static int offset(Fields f, int size) throws Complaint {
    int off = f.between("off", 0, REGISTER_BYTES - size);
    if (off % size != 0) {
      throw new Complaint(
          "an access of %d bytes at register offset 0x%x is not aligned; the offset must be a"
              + " multiple of %d",
          "在寄存器偏移处的 %d 字节访问未对齐：偏移 0x%x 必须是 %d 的整数倍", size, off, size);
    }
    return off;
  }
}
