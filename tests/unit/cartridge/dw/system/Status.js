function Status(status, code) {
    this.status = status;
    this.code = code;
}
Status.OK = 0;
Status.ERROR = 1;
module.exports = Status;
