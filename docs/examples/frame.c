/*
 * Sends a frame to itself through an 82576, from user space alone: VFIO, two rings, one page of memory that the device may reach,
 * polling. The card's PHY sends back what it is given, so no cable is needed.
 *
 *   cc -o frame frame.c
 *   iommu-lab exec -- ./frame [0000:00:07.0]
 *
 * It ends with 0 if the frame came back as it was, with 1 and a sentence if not.
 */
#include <fcntl.h>
#include <libgen.h>
#include <linux/vfio.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Registers of the 82576 (datasheet, section 8), by the names it gives them. */
enum {
	CTRL = 0x0000, STATUS = 0x0008, MDIC = 0x0020, RCTL = 0x0100, TCTL = 0x0400,
	RDBAL = 0x2800, RDBAH = 0x2804, RDLEN = 0x2808, SRRCTL = 0x280c, RDH = 0x2810, RDT = 0x2818, RXDCTL = 0x2828,
	TDBAL = 0x3800, TDBAH = 0x3804, TDLEN = 0x3808, TDH = 0x3810, TDT = 0x3818, TXDCTL = 0x3828,
	RAL = 0x5400, RAH = 0x5404,
};

/* One page holds all: the rings of eight descriptors, the frame, and where it is to come back. */
#define IOVA 0x100000ull
#define SEND 0
#define RECEIVE 128
#define FRAME 1024
#define BUFFER 2048
#define LENGTH 64

static volatile uint8_t *bar;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint32_t get(unsigned reg) { return *(volatile uint32_t *)(bar + reg); }
static void put(unsigned reg, uint32_t value) { *(volatile uint32_t *)(bar + reg) = value; }

static void until(unsigned reg, uint32_t bits, const char *what)
{
	for (int i = 0; i < 100000; i++)
		if ((get(reg) & bits) == bits)
			return;
	fprintf(stderr, "%s never came\n", what);
	exit(1);
}

/* The device of that address: its group joins a container, and hands it out. */
static int open_device(const char *address, int container)
{
	char path[128], link[256];
	struct vfio_group_status status = { sizeof(status) };

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", address);
	ssize_t n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		fail(path);
	link[n] = 0;
	snprintf(path, sizeof(path), "/dev/vfio/%s", basename(link));
	int group = open(path, O_RDWR);
	if (group < 0 || ioctl(group, VFIO_GROUP_GET_STATUS, &status) < 0)
		fail(path);
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE)) {
		fprintf(stderr, "%s: not all devices of the group are bound to vfio-pci\n", path);
		exit(1);
	}
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) < 0 || ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) < 0)
		fail(path);
	int device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, address);
	if (device < 0)
		fail(address);
	return device;
}

/* A ring of eight descriptors. */
static void ring(unsigned low, unsigned at)
{
	put(low, (uint32_t)(IOVA + at));
	put(low + 4, (uint32_t)((IOVA + at) >> 32));
	put(low + 8, 128);
}

int main(int argc, char **argv)
{
	int container = open("/dev/vfio/vfio", O_RDWR);
	if (container < 0)
		fail("/dev/vfio/vfio");
	int device = open_device(argc > 1 ? argv[1] : "0000:00:07.0", container);

	/* Memory that the device may reach at IOVA, and nothing else. */
	uint8_t *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct vfio_iommu_type1_dma_map dma = {
		.argsz = sizeof(dma), .flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE, .vaddr = (uintptr_t)page, .iova = IOVA, .size = 4096,
	};
	if (ioctl(container, VFIO_IOMMU_MAP_DMA, &dma) < 0)
		fail("VFIO_IOMMU_MAP_DMA");

	/* The registers. Bit 2 of the command register lets the card reach memory at all. */
	struct vfio_region_info region = { .argsz = sizeof(region), .index = VFIO_PCI_BAR0_REGION_INDEX };
	struct vfio_region_info config = { .argsz = sizeof(config), .index = VFIO_PCI_CONFIG_REGION_INDEX };
	uint16_t command = 6;
	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &region) < 0 || ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &config) < 0)
		fail("VFIO_DEVICE_GET_REGION_INFO");
	if (pwrite(device, &command, 2, config.offset + 4) != 2)
		fail("command register");
	bar = mmap(NULL, region.size, PROT_READ | PROT_WRITE, MAP_SHARED, device, region.offset);
	if (bar == MAP_FAILED)
		fail("BAR 0");

	/* A reset; then the PHY is told, by its register 0, to send back what it is given at 1 Gb/s. */
	put(CTRL, 1u << 26);
	put(CTRL, 1u << 6);
	put(MDIC, 1u << 26 | 1u << 21 | 0x4140);
	until(MDIC, 1u << 28, "the PHY's answer");
	until(STATUS, 1u << 1, "the link");

	/* A frame for the card's own address, from itself, of a type that is free for trying things out. */
	uint64_t address = get(RAL) | (uint64_t)(get(RAH) & 0xffff) << 32;
	uint8_t *frame = page + FRAME;
	memcpy(frame, &address, 6);
	memcpy(frame + 6, &address, 6);
	frame[12] = 0x88;
	frame[13] = 0xb5;
	for (int i = 14; i < LENGTH; i++)
		frame[i] = i * 7;

	/* A buffer for the receiver, then a frame for the transmitter. */
	volatile uint64_t *receive = (volatile uint64_t *)(page + RECEIVE), *send = (volatile uint64_t *)(page + SEND);
	receive[0] = IOVA + BUFFER;
	receive[1] = 0;
	ring(RDBAL, RECEIVE);
	put(SRRCTL, 1u << 25 | 1);
	put(RXDCTL, 1u << 25);
	put(RCTL, 1u << 1 | 1u << 26);
	until(RXDCTL, 1u << 25, "the receive queue");
	put(RDT, 1);

	send[0] = IOVA + FRAME;
	send[1] = LENGTH | 0x2b300000ull | (uint64_t)LENGTH << 46;
	ring(TDBAL, SEND);
	put(TXDCTL, 1u << 25);
	put(TCTL, 1u << 1 | 1u << 3);
	until(TXDCTL, 1u << 25, "the transmit queue");
	put(TDT, 1);

	/* Bit 0 of the status that the card writes over each descriptor: done. */
	for (int i = 0; i < 1000000 && !(receive[1] & 1); i++)
		;
	if (!(receive[1] & 1) || !(send[1] >> 32 & 1)) {
		fprintf(stderr, "the frame was %s\n", send[1] >> 32 & 1 ? "sent and did not come back" : "not sent");
		return 1;
	}
	unsigned length = receive[1] >> 32 & 0xffff;
	if (length != LENGTH || memcmp(page + BUFFER, frame, LENGTH) != 0) {
		fprintf(stderr, "another frame came back, of %u bytes\n", length);
		return 1;
	}
	printf("%u bytes came back, through IOVA %#llx\n", length, IOVA + BUFFER);
	return 0;
}
