/**
 * The Linux that the laboratory itself runs on: system calls that Java lacks, made through {@code
 * java.lang.foreign}. May import {@code peer.x86} and {@code linux.uapi}.
 */
package org.iommulab.peer.host;
